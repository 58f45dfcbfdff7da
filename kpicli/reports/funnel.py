"""From the rows in the files to those that count, as a table."""

from collections.abc import Callable, Iterator, Mapping

from kpicli.engine.focus import Focus
from kpicli.engine.followed import Crowd
from kpicli.engine.funnel import Funnel, Removed
from kpicli.engine.funnel import Rule as RuleName
from kpicli.needs import Need
from kpicli.reports.blocks import Cell, Column, Row, Table
from kpicli.reports.periods import name_period
from kpicli.results import Card, Result


def funnel_table(focus: Focus, result: Result, funnel: Funnel) -> Table:
    """A row per rule that took rows away, with how many were left."""
    need = focus.step.kpi.needs[funnel.need]
    columns = (Column("rows on their way", "left"), Column("taken away"), Column("left"))
    return Table(columns, tuple(_rows(focus, result, funnel, need)))


def _rows(focus: Focus, result: Result, funnel: Funnel, need: Need) -> Iterator[Row]:
    files = len(focus.room.desk.opened[funnel.source].files)
    of_files = "in the file" if files == 1 else f"in {files} files"
    left = funnel.in_files
    yield _row(f"{funnel.source}: rows {of_files}", "", left)
    for removed in funnel.removed:
        left -= removed.rows
        label = _LABELS[removed.rule](focus, result, need, removed)
        yield _row(label, f"−{removed.rows:,}", left, depth=1)
    yield _last(_end(focus, funnel), left)


def _end(focus: Focus, funnel: Funnel) -> str:
    if focus.step.kpi.crowd:
        return f"rows that tell of them ({', '.join(funnel.needs)})"
    return "counted" if funnel.adds else "counted, above the line"


def crowd_table(result: Result, card: Card, crowd: Crowd) -> Table:
    """The entities of a period, and a row per rule that took some of them away."""
    columns = (Column("on their way", "left"), Column("taken away"), Column("left"))
    left = crowd.in_period
    rows = [_row(f"{card.counts} of {name_period(result)}", "", left)]
    for removed in crowd.removed:
        left -= removed.rows
        label = _segment_of(result) if removed.rule == "segment" else _OF_CROWD[removed.rule]
        rows.append(_row(label, f"−{removed.rows:,}", left, depth=1))
    return Table(columns, (*rows, _last("counted", left)))


_OF_CROWD: Mapping[RuleName, str] = {
    "excluded": "excluded",
    "unparsable": "with a value that cannot be read",
    "not_converted": "without an exchange rate",
    "unknown": "in no list, or of whom it cannot be told",
    "ineligible": "not eligible, or gone before the end",
    "immature": "too young: not over yet",
}


def _last(name: str, left: int) -> Row:
    return Row((Cell(name, "strong"), Cell(""), Cell(f"{left:,}", "strong")))


def _row(label: str, taken: str, left: int, depth: int = 0) -> Row:
    return Row((Cell(label), Cell(taken), Cell(f"{left:,}")), depth=depth)


Label = Callable[[Focus, Result, Need, Removed], str]


def _plain(text: str) -> Label:
    return lambda focus, result, need, removed: text


def _key(focus: Focus, need: Need) -> str:
    return ", ".join(focus.room.desk.opened[need.source].source.unique)


def _undated(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    source = focus.room.desk.opened[need.source].source
    if need.shape == "span":
        return f"without a start in {need.start or source.start or source.time}"
    return f"without a date in {need.time or source.happened}"


def _outside(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    period = name_period(result)
    return f"not there at the end of {period}" if need.shape == "span" else f"outside {period}"


def _segment(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    return _segment_of(result)


def _entity(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    return f"without {need.asked[0].expression.text}"


def _listed(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    return f"of nobody in {focus.step.kpi.population}"


def _others(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    return f"of others than those of {name_period(result)}"


def _segment_of(result: Result) -> str:
    return "not " + ", ".join(f"{name} = {value}" for name, value in result.by.items())


def _ineligible(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    return focus.step.kpi.written.left_out.get("ineligible", "not eligible")


def _where(focus: Focus, result: Result, need: Need, removed: Removed) -> str:
    also = focus.room.asked.also
    told = [one.text for one in (need.where, also) if one]
    return f"not: {' and '.join(told)}"


_LABELS: Mapping[RuleName, Label] = {
    "unread": _plain("broken, not read"),
    "duplicate": lambda focus, result, need, removed: f"repeat a row, by {_key(focus, need)}",
    "conflict": lambda focus, result, need, removed: f"at odds with a row, by {_key(focus, need)}",
    "undated": _undated,
    "excluded": lambda focus, result, need, removed: f"excluded: {removed.detail}",
    "outside": _outside,
    "later": _plain("after what has been read of every source"),
    "segment": _segment,
    "where": _where,
    "inactive": _plain("not in force, by their status"),
    "nobody": _entity,
    "unparsable": _plain("with a value that cannot be read"),
    "not_converted": _plain("without an exchange rate"),
    "unknown": _plain("of which a value or condition cannot be told"),
    "unlisted": _listed,
    "others": _others,
    "ineligible": _ineligible,
    "immature": _plain("too young for the window"),
    "repeated": _plain("of one that another row has counted"),
}
