"""CSV for spreadsheets: a line per result, with texts that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from kpicli.render.json import result_record, write_number
from kpicli.render.options import Format, Options
from kpicli.render.safe import clean
from kpicli.reports.series import sort_results
from kpicli.results import Card, Comparison, Outcome, Result

COLUMNS = (
    "kpi", "part", "grain", "label", "start", "end", "complete", "by", "age", "value", "numerator",
    "denominator", "n", "low", "high", "previous", "change", "change_ratio", "p", "target",
    "yellow", "status", "reason", "left_out", "title", "group", "unit",
)  # fmt: skip
# The wide forms of the signs count too: some spreadsheets fold them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def render(outcome: Outcome, options: Options) -> str:
    """One header row, comma, LF, empty for null; options change nothing in it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    cards = {card.name: card for card in outcome.kpis}
    for result in sort_results(outcome):
        record = _flat_record(result, cards[result.kpi])
        writer.writerow(write_cell(record[column]) for column in COLUMNS)
    return stream.getvalue()


def write_cell(value: object) -> str:
    """A value as a cell: numbers stay numbers, a text that would be a formula gets a quote."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return write_number(value)
        case str():
            return guard_text(value)
        case _:
            return guard_text(str(value))


def guard_text(text: str) -> str:
    """The text with a leading quote where a spreadsheet would compute it."""
    risky = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{clean(text).lstrip()}" if risky else clean(text)


def join_pairs(pairs: Mapping[str, Any]) -> str:
    """A mapping in one cell: "plan=pro; size=small"."""
    return "; ".join(
        f"{name}={write_number(value) if isinstance(value, (int, float)) else value}"
        for name, value in pairs.items()
    )


def _flat_record(result: Result, card: Card) -> dict[str, Any]:
    first = next(iter(result.compare.values()), Comparison(None, None, None))
    record = {
        name: join_pairs(value) if isinstance(value, Mapping) else value
        for name, value in result_record(result).items()
        if name != "compare"
    }
    return record | {
        "previous": first.value,
        "change": first.change,
        "change_ratio": first.change_ratio,
        "p": first.p,
        "title": card.title,
        "group": card.group,
        "unit": result.unit or card.unit,
    }


FORMAT = Format("csv", (".csv",), render)
