"""The report's table: a row per KPI and segment, with its newest number, change, target, trend."""

from collections.abc import Iterator, Sequence

from kpicli.reports.blocks import Cell, Column, Row, Table
from kpicli.reports.layout import Layout, group_rows, lay_out, value_tone
from kpicli.reports.periods import name_period
from kpicli.reports.series import Series
from kpicli.reports.wording import (
    more_exact,
    write_change,
    write_row,
    write_target,
    write_value,
)
from kpicli.results import Outcome, Result


def headline_table(series: Sequence[Series], outcome: Outcome) -> tuple[Table, ...]:
    """One table over all groups; none where there is nothing to show."""
    if not series:
        return ()
    layout = lay_out(outcome)
    columns = tuple(_columns(layout))

    totals = {one.card.name: one.headline.label for one in series if not one.by}

    def write_rows(one: Series, name: str) -> Iterator[Row]:
        told = bool(one.by) and one.headline.label == totals.get(one.card.name)
        yield _headline_row(one, name, layout, told=told)
        if one.running and one.running != one.headline and not one.by:
            yield _running_row(one, one.running, len(columns))

    return (Table(columns, group_rows(series, layout, len(columns), write_rows)),)


def _columns(layout: Layout) -> Iterator[Column]:
    yield Column("", "left")
    yield Column(name_period(layout.period) if layout.period else "value")
    if layout.compares("previous"):
        yield Column("before", optional=True)
        yield Column("change")
    if layout.compares("year"):
        yield Column("on year")
    yield Column("target")
    if layout.trend_title:
        yield Column(layout.trend_title, "left")


def _headline_row(series: Series, name: str, layout: Layout, *, told: bool) -> Row:
    """told: the total above has said already of which period the number is."""
    result, card = series.headline, series.card
    previous = result.compare.get("previous")
    value, before = write_row((result.value, previous.value if previous else None), card.unit)
    cells = (
        Cell(name, note="" if told and result.complete else layout.period_note(result)),
        Cell(more_exact(write_value(result, card.unit), value), value_tone(result, series)),
        *([Cell(before, "grey")] if layout.compares("previous") else []),
        *_changes(result, card.unit, layout),
        Cell(_write_limit(result, card.better, card.unit)),
        *([Cell("", figure=layout.trend_of(series))] if layout.trend_title else []),
    )
    depth = 0 if name.startswith(card.title) else 1
    return Row(cells, series.status, depth, anchor=card.name)


def _changes(result: Result, unit: str, layout: Layout) -> Iterator[Cell]:
    for word in ("previous", "year"):
        if layout.compares(word):
            yield Cell(write_change(result.compare.get(word), unit))


def _write_limit(result: Result, better: str, unit: str) -> str:
    """A target; one that is not to be passed carries the sign that says so.

    The currency stands beside the value already, and a trend needs the room.
    """
    text = write_target(result.target, unit)
    if result.value is not None:
        text = text.removeprefix(f"{unit[6:9]} ")
    return f"≤ {text}" if better == "lower" and isinstance(result.target, (int, float)) else text


def _running_row(series: Series, result: Result, width: int) -> Row:
    """The period that is still running, under the newest whole one; it has nothing to compare."""
    name = Cell(f"{name_period(result)}, still running", "grey")
    value = Cell(write_value(result, series.card.unit), "grey")
    return Row((name, value, *[Cell("")] * (width - 2)), depth=1, anchor=series.card.name)
