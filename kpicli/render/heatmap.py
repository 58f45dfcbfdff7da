"""A grid of cohorts on a terminal: a number per age, and behind it a shade as strong as it."""

from collections.abc import Sequence

from kpicli.render.pen import Pen
from kpicli.render.signs import draw_shade
from kpicli.reports.blocks import Grid, GridCell, GridRow

_NAME_AT_MOST = 14


def write_grid(grid: Grid, pen: Pen) -> str:
    """The lines of a grid; the oldest ages give way where there is no room, and it says so."""
    name = min(max(pen.text(row.name).cell_len for row in grid.rows), _NAME_AT_MOST)
    size = max(len("size"), *(len(row.size) for row in grid.rows))
    # A star behind a number takes a place behind all of them, so that they stand in line.
    star = any(cell.partial for row in grid.rows for cell in row.cells)
    width = max(3, *(len(cell.text) for row in grid.rows for cell in row.cells)) + star
    shown = _fitting(grid, pen, name + 2 + size, width + 2)
    titles = "".join(f"{column + ' ' * star:>{width + 1}} " for column in grid.columns[:shown])
    lines = [
        pen.write_paragraph(pen.text(grid.title, "strong") + pen.text(f", {grid.what}", "grey")),
        pen.write_line(pen.text(" " * (name + 2) + "size".rjust(size) + titles, "grey")),
        *(_write_row(row, pen, (name, size, width, star), shown) for row in grid.rows),
        pen.write_paragraph(pen.text(_legend(grid, shown), "grey")),
    ]
    return "".join(lines)


def _fitting(grid: Grid, pen: Pen, lead: int, each: int) -> int:
    """How many columns there is room for, one at least."""
    if pen.width is None:
        return len(grid.columns)
    return min(len(grid.columns), max(1, (pen.width - lead) // each))


def _write_row(row: GridRow, pen: Pen, widths: Sequence[int], shown: int) -> str:
    name, size, width, star = widths
    tone = "strong" if row.strong else "plain"
    title = pen.cut(pen.text(row.name, tone), name)
    blank = " " * (name + 2 - title.cell_len)
    cells = [
        pen.text(_number(cell, star).rjust(width + 1) + draw_shade(cell.heat, pen.plain), tone)
        for cell in row.cells[:shown]
    ]
    return pen.write_line(title, blank, pen.text(row.size.rjust(size), "grey"), *cells)


def _number(cell: GridCell, star: int) -> str:
    return cell.text + ("*" if cell.partial else " " * star)


def _legend(grid: Grid, shown: int) -> str:
    left = len(grid.columns) - shown
    if not left:
        return grid.legend
    more = "1 age does" if left == 1 else f"{left} ages do"
    return f"{grid.legend}; {more} not fit: ask for a wider page, or for a file"
