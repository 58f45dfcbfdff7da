"""The wide report: a table per grain, with the periods as its columns."""

from collections.abc import Iterator, Sequence
from datetime import date

from kpicli.reports.blocks import Block, Cell, Column, Note, Row, Table
from kpicli.reports.layout import Layout, group_rows, lay_out, value_tone
from kpicli.reports.periods import name_period
from kpicli.reports.series import Series
from kpicli.reports.wording import more_exact, write_row, write_target, write_value
from kpicli.results import Outcome, Result

_LEGEND = "* not whole: the period is still running, or a source does not reach its end"


def wide_tables(series: Sequence[Series], outcome: Outcome) -> tuple[Block, ...]:
    """A table per grain, oldest period first; the value of a part of a period carries a star."""
    layout = lay_out(outcome)
    grains = dict.fromkeys(one.headline.grain for one in series)
    tables = tuple(
        _wide_table([one for one in series if one.headline.grain == grain], layout)
        for grain in grains
    )
    starred = any(cell.text.endswith("*") for table in tables for row in table.rows
                  for cell in row.cells)  # fmt: skip
    return (*tables, Note(_LEGEND, "coverage")) if starred else tables


def _wide_table(series: Sequence[Series], layout: Layout) -> Table:
    periods = {result.start: result for one in series for result in one.results}
    starts = sorted(periods, key=lambda start: start or date.min)
    columns = (
        Column("", "left"),
        *(Column(name_period(periods[start]), optional=True) for start in starts[:-1]),
        Column(name_period(periods[starts[-1]])),
        Column("target"),
    )

    def write_rows(one: Series, name: str) -> Iterator[Row]:
        by_start = {result.start: result for result in one.results}
        results = [by_start.get(start) for start in starts]
        texts = write_row([found.value if found else None for found in results], one.card.unit)
        values = (_cell(*pair, one) for pair in zip(results, texts, strict=True))
        target = Cell(write_target(one.headline.target, one.card.unit))
        depth = 0 if name.startswith(one.card.title) else 1
        yield Row((Cell(name), *values, target), one.status, depth, anchor=one.card.name)

    return Table(columns, group_rows(series, layout, len(columns), write_rows))


def _cell(result: Result | None, text: str, series: Series) -> Cell:
    if result is None:
        return Cell(text, "grey")
    if not result.complete:
        return Cell(f"{text}*" if result.value is not None else text, "grey")
    if result != series.headline:
        return Cell(text)
    judged = write_value(result, series.card.unit)
    return Cell(more_exact(judged, text), value_tone(result, series))
