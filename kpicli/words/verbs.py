"""The operators and functions of the small SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kpicli.words.types import ColumnType

Takes = Literal["yes_no", "alike", "case", "text", "pattern", "number", "day", "instant", "any"]
Gives = ColumnType | Literal["alike", "first", "arithmetic"]


@dataclass(frozen=True)
class Verb:
    """What a verb takes and gives, and how many operands: least to most (None: any number).

    takes: alike, one type for all; case, yes/no and alike in turn; pattern, a text and a text in
    quotes; day, a date or a time; instant, a time. gives: alike, the type of its operands;
    first, the type of the first.
    """

    takes: Takes
    gives: Gives
    least: int = 1
    most: int | None = 1


_COMPARISON = Verb("alike", "yes_no", 2, 2)
_PATTERN = Verb("pattern", "yes_no", 2, 2)
_ARITHMETIC = Verb("number", "arithmetic", 2, 2)
_CHOICE = Verb("alike", "alike", 1, None)
_OF_DAY = Verb("day", "number")

OPERATORS: Mapping[str, Verb] = {
    "and": Verb("yes_no", "yes_no", 2, None),
    "or": Verb("yes_no", "yes_no", 2, None),
    "not": Verb("yes_no", "yes_no"),
    "=": _COMPARISON,
    "<>": _COMPARISON,
    "<": _COMPARISON,
    "<=": _COMPARISON,
    ">": _COMPARISON,
    ">=": _COMPARISON,
    "in": Verb("alike", "yes_no", 2, None),
    "between": Verb("alike", "yes_no", 3, 3),
    "like": _PATTERN,
    "ilike": _PATTERN,
    "is null": Verb("any", "yes_no"),
    "+": _ARITHMETIC,
    "-": _ARITHMETIC,
    "*": _ARITHMETIC,
    "/": _ARITHMETIC,
    "negate": Verb("number", "first"),
    "||": Verb("text", "text", 2, None),
    "case": Verb("case", "alike", 3, None),
}

FUNCTIONS: Mapping[str, Verb] = {
    "coalesce": _CHOICE,
    "nullif": Verb("alike", "alike", 2, 2),
    "least": _CHOICE,
    "greatest": _CHOICE,
    "abs": Verb("number", "first"),
    "round": Verb("number", "first", 1, 2),
    "floor": Verb("number", "first"),
    "ceil": Verb("number", "first"),
    "lower": Verb("text", "text"),
    "upper": Verb("text", "text"),
    "trim": Verb("text", "text"),
    "length": Verb("text", "number"),
    "concat": Verb("text", "text", 1, None),
    "starts_with": _PATTERN,
    "ends_with": _PATTERN,
    "contains": _PATTERN,
    "days_between": Verb("day", "number", 2, 2),
    "hours_between": Verb("day", "number", 2, 2),
    "year": _OF_DAY,
    "month": _OF_DAY,
    "weekday": _OF_DAY,
    "date": Verb("instant", "date"),
}

# In a formula a name is a KPI, not a column.
FORMULA_FUNCTIONS: Mapping[str, Verb] = {
    "coalesce": _CHOICE,
    "least": _CHOICE,
    "greatest": _CHOICE,
    "lag": Verb("number", "number", 2, 2),
}

VERBS: Mapping[str, Verb] = {**OPERATORS, **FUNCTIONS, **FORMULA_FUNCTIONS}
PREFIXED = frozenset({*FUNCTIONS, *FORMULA_FUNCTIONS})
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">=", "in", "between"})
ORDERINGS = frozenset({"<", "<=", ">", ">=", "between", "least", "greatest"})

KEYWORDS = frozenset(
    {"and", "or", "not", "in", "between", "like", "ilike", "is", "null", "true", "false"}
    | {"case", "when", "then", "else", "end"}
)

_AGGREGATES = ("sum", "count", "avg", "average", "median", "stddev", "quantile", "percentile")
_WINDOWS = ("over", "rank", "row_number", "lead", "first_value", "last_value", "partition")
_CLOCK = ("now", "today", "current_date", "current_timestamp", "getdate", "sysdate")
_MANY_ROWS = "the kind of the KPI counts, sums and averages; a condition looks at one row at a time"
_NO_CLOCK = "definitions do not read the clock; the reading date is given by --as-of"
_NO_WINDOWS = "windows are not part of the language; a condition looks at one row at a time"
_CASTS = "say what a column is under types: in its source; texts are read by what stands beside"

# What people of other dialects and of spreadsheets write, and what helps them.
FOREIGN: Mapping[str, str] = {
    **dict.fromkeys(_AGGREGATES, _MANY_ROWS),
    "min": "for the smallest of several columns write least(a, b)",
    "max": "for the largest of several columns write greatest(a, b)",
    **dict.fromkeys(_WINDOWS, _NO_WINDOWS),
    **dict.fromkeys(["any", "some", "all"], "write a in (1, 2)"),
    **dict.fromkeys(_CLOCK, _NO_CLOCK),
    **dict.fromkeys(["cast", "try_cast", "convert", "to_date", "to_number", "to_char"], _CASTS),
    **dict.fromkeys(["ifnull", "nvl", "isnull"], "write coalesce(a, b), or a is null"),
    **dict.fromkeys(["if", "iff", "iif"], "write case when … then … else … end"),
    **dict.fromkeys(["len", "char_length"], "write length(a)"),
    **dict.fromkeys(["datediff", "date_diff"], "write days_between(a, b)"),
    **dict.fromkeys(["date_trunc", "extract", "date_part"], "write year(a), month(a) or date(a)"),
    **dict.fromkeys(["startswith"], "write starts_with(a, 'b')"),
    **dict.fromkeys(["endswith"], "write ends_with(a, 'b')"),
    **dict.fromkeys(["dayofweek", "isodow"], "write weekday(a): 1 is Monday, 7 is Sunday"),
    "ceiling": "write ceil(a)",
    "exists": "sub-queries are not part of the language; follow a relation: accounts.plan",
    "select": "sub-queries are not part of the language; follow a relation: accounts.plan",
    "as": "an expression has no name of its own here; leave out the word as",
    "escape": "use contains(a, '%') to look for a percent sign",
    "mod": "use / and floor",
    "div": "use / and floor",
    "lag": "lag belongs in a formula",
}
