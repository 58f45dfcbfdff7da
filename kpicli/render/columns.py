"""Which columns of a table fit a width: what gives way, and how much room the names have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from kpicli.render.pen import Pen
from kpicli.reports.blocks import Align, Row, Table

GUTTER = 2
_NAME_AT_LEAST = 24
_NAME_NEVER_BELOW = 8
_POINTS_WISHED = 13
_POINTS_AT_LEAST = 8


@dataclass(frozen=True)
class FitColumn:
    """A column that is shown: where its cells stand in a row, and how wide it is.

    points is how many periods its trends show; 0 where it has none.
    """

    position: int
    title: str
    align: Align
    width: int
    optional: bool
    points: int


@dataclass(frozen=True)
class Fit:
    """The columns shown after the name; dropped counts the optional ones that are not.

    lost names those that are not though they tell most: a trend, a change. shortened is how many
    points are left of a trend that shows fewer than it has; 0 where none does.
    """

    sign_width: int
    name_width: int
    columns: tuple[FitColumn, ...]
    dropped: int
    lost: tuple[str, ...] = ()
    shortened: int = 0


def fit_columns(table: Table, pen: Pen, names: Sequence[Text], led: bool) -> Fit:
    """Gives the names room: shortens the trends, leaves out optional columns, then the trends.

    On a page too narrow even so, columns beside the newest value go too.

    led: the first row is a group's name and stands beside the column titles.
    """
    signed = any(row.status for row in table.rows)
    signs = pen.sign_width + 1 if signed else 0
    group = pen.text(table.rows[0].cells[0].text).cell_len - signs if led else 0
    longest = max(_NAME_NEVER_BELOW, group, *(name.cell_len for name in names))
    least = min(max((_NAME_NEVER_BELOW, *map(_longest_word, names))), _NAME_AT_LEAST)
    wished = min(longest, _NAME_AT_LEAST)
    every = [_measure(table, position, pen) for position in range(1, len(table.columns))]
    columns = every
    if pen.width is not None:
        columns = _squeeze(every, pen.width - signs - wished, table.last_give_way)
        while _total(columns) > pen.width - signs - least and len(columns) > 1:
            # The change to last year goes before the newest change.
            at = 2 if len(columns) > 3 else 1
            columns = [*columns[:at], *columns[at + 1 :]]
    room = (pen.width or signs + longest + _total(columns)) - signs - _total(columns)
    width = max(min(longest, room), _NAME_NEVER_BELOW)
    dropped = sum(column.optional for column in every) - sum(column.optional for column in columns)
    kept = {column.position: column for column in columns}
    lost = [one for one in every if one.position not in kept and not one.optional]
    cut = [kept[one.position] for one in every if kept.get(one.position, one).points < one.points]
    titles = tuple("the trend" if one.points else one.title for one in lost)
    return Fit(signs, width, tuple(columns), dropped, titles, cut[0].points if cut else 0)


def _longest_word(name: Text) -> int:
    """The width of the longest word, with the blanks before the name."""
    indent = len(name.plain) - len(name.plain.lstrip(" "))
    return indent + max((cell_len(word) for word in name.plain.split()), default=0)


def _squeeze(columns: list[FitColumn], room: int, last: bool) -> list[FitColumn]:
    if _total(columns) > room:
        columns = [_shorten(column, _POINTS_WISHED) for column in columns]
    while _total(columns) > room and any(column.optional for column in columns):
        ranked = reversed(columns) if last else iter(columns)
        spared = next(column for column in ranked if column.optional)
        columns = [column for column in columns if column is not spared]
    if _total(columns) > room:
        columns = [_shorten(column, _POINTS_AT_LEAST) for column in columns]
    if _total(columns) > room:
        columns = [column for column in columns if not column.points]
    return columns


def _measure(table: Table, position: int, pen: Pen) -> FitColumn:
    column = table.columns[position]
    rows = [row for row in table.rows if not row.head]
    points = max((_points(row, position) for row in rows), default=0)
    texts = (column.title, *(row.cells[position].text for row in rows))
    width = max(points, *(pen.text(text).cell_len for text in texts))
    return FitColumn(position, column.title, column.align, width, column.optional, points)


def _points(row: Row, position: int) -> int:
    figure = row.cells[position].figure
    return len(figure.values) if figure else 0


def _shorten(column: FitColumn, points: int) -> FitColumn:
    """A trend cut to its newest points, which its title counts."""
    if column.points <= points:
        return column
    title = f"{points} {column.title.partition(' ')[2]}"
    return replace(column, title=title, width=max(points, len(title)), points=points)


def _total(columns: Sequence[FitColumn]) -> int:
    return sum(column.width + GUTTER for column in columns)
