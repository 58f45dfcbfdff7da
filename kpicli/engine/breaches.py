"""Rows that break a rule of good data: how many, where they stand, what stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from kpicli.engine.keys import key_text
from kpicli.engine.opened import FILE, ROW, Opened, as_text
from kpicli.engine.rulecolumns import declared
from kpicli.errors import Problem
from kpicli.quality.base import Declared, Mark, Rule
from kpicli.words.types import MONEY_SCALE
from kpicli.words.units import format_judged

PLACES = 3
_LONGEST = 40
COLUMNS = ("rule", "level", "source", "file", "row", "column", "text")


@dataclass(frozen=True)
class Breach:
    """A mark of a rule with the rows that it is told from; broken of judged rows break it."""

    rule: Rule
    mark: Mark
    opened: Opened
    frame: pl.LazyFrame
    broken: int = 0
    judged: int = 0

    @property
    def declared(self) -> Declared:
        """The source that it is of."""
        return declared(self.opened.name, self.opened.source)


def breach_problem(one: Breach) -> Problem:
    """The problem in a sentence, with the first places; computes those."""
    name, mark = one.opened.name, one.mark
    share, allowed = format_judged(one.broken / one.judged, mark.allow, "ratio")
    beyond = f"{share}, allowed {allowed}" if mark.allow else share
    rows = "row" if one.judged == 1 else "rows"
    message = f"{name}: {mark.said} in {one.broken:,} of {one.judged:,} {rows} ({beyond})"
    places = ", ".join(_places(one))
    more = "; kpi validate --rows FILE.csv writes them all" if one.broken > PLACES else ""
    return one.rule.problem(name, message, f"first: {places}{more}", mark.level)


def _places(one: Breach) -> Iterator[str]:
    found = _rows(one).sort(FILE, ROW).head(PLACES).collect(engine="streaming")
    before = None
    for number, row, text in found.iter_rows():
        file = one.opened.files[number]
        shown = f": {_cut(text)!r}" if text and _is_shown(one, text) else ""
        yield f"{'' if file == before else f'{file} '}row {row:,}{shown}"
        before = file


def breaking_rows(breaches: Sequence[Breach]) -> pl.DataFrame:
    """One row per rule and row that breaks it, in the order of the rules, files and rows.

    Columns: rule, level, source, file, row (below the header, from 1), column, text (as it is
    written; empty where nothing stands there).
    """
    frames = [_told(one) for one in breaches]
    empty = pl.DataFrame(
        schema={name: pl.Int64 if name == "row" else pl.String for name in COLUMNS}
    )
    return pl.concat([empty, *pl.collect_all(frames, engine="streaming")])


def _told(one: Breach) -> pl.LazyFrame:
    files = pl.lit(pl.Series(one.opened.files, dtype=pl.String)).implode()
    level = "warn" if one.mark.level == "warning" else "error"
    return (
        _rows(one)
        .sort(FILE, ROW)
        .select(
            pl.lit(one.rule.name).alias("rule"),
            pl.lit(level).alias("level"),
            pl.lit(one.opened.name).alias("source"),
            files.list.get(pl.col(FILE)).alias("file"),
            pl.col(ROW).cast(pl.Int64).alias("row"),
            pl.lit(one.mark.column).alias("column"),
            pl.col("text"),
        )
    )


def _rows(one: Breach) -> pl.LazyFrame:
    """Where the rows stand that break a mark, and the text of its column."""
    rows = nw.from_native(one.frame).filter(one.mark.breaks).to_native()
    if not isinstance(rows, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return rows.select(FILE, ROW, _text(one.opened, one.mark.column).alias("text"))


def _text(opened: Opened, column: str) -> pl.Expr:
    """The cell as it is written; of a value that no file has as text, the value."""
    if column in opened.named:
        return pl.col(as_text(column))
    if opened.types[column] == "money":
        return (pl.col(column) / MONEY_SCALE).cast(pl.String).str.replace(r"\.0$", "")
    return key_text(column, opened.types[column])


def _is_shown(one: Breach, text: str) -> bool:
    """Whether a text is known as it is written, and names no people or things.

    Ids and addresses are written on request only.
    """
    column, source = one.mark.column, one.opened.source
    named = column == "id" or column.endswith("_id") or column in (source.key, *source.unique)
    private = named or "@" in text or "mail" in column
    return not private and (column in one.opened.named or one.opened.types[column] == "text")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
