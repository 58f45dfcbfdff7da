"""A table on a terminal: names that wrap, numbers under each other, trends as bars."""

from collections.abc import Iterator

from rich.text import Text

from kpicli.render.columns import GUTTER, Fit, FitColumn, fit_columns
from kpicli.render.pen import Pen
from kpicli.render.signs import draw_bars, write_sign
from kpicli.reports.blocks import Cell, Row, Table

_INDENT = 2
_NAME_LINES = 2


def write_table(table: Table, pen: Pen) -> str:
    """The lines of a table; the first group's name stands in the line of the column titles."""
    led = bool(table.rows) and table.rows[0].head
    fit = fit_columns(table, pen, [_name(row, pen) for row in table.rows if not row.head], led)
    group = pen.text(table.rows[0].cells[0].text, "strong") if led else None
    lines = [_write_titles(group or pen.text(table.columns[0].title, "grey"), fit, pen)]
    lines += [_write_row(row, fit, pen) for row in table.rows[1 if led else 0 :]]
    if fit.dropped > (0 if table.last_give_way else 1):
        what = f"{table.spare} do" if fit.dropped > 1 else f"{table.spare.removesuffix('s')} does"
        text = f"{fit.dropped} {what} not fit: ask for a wider page, or for a file"
        lines.append(pen.write_paragraph(pen.text(text, "grey")))
    if fit.lost or fit.shortened:
        lines.append(pen.write_paragraph(pen.text(_tell_lost(fit), "grey")))
    return "".join(lines)


def _tell_lost(fit: Fit) -> str:
    if not fit.lost:
        return f"The trend is cut to its newest {fit.shortened}: a wider page shows all"
    does = "does" if len(fit.lost) == 1 else "do"
    told = " and ".join(fit.lost)
    return f"{told[0].upper()}{told[1:]} {does} not fit: a wider page shows more"


def _write_titles(group: Text, fit: Fit, pen: Pen) -> str:
    width = fit.sign_width + fit.name_width
    titles = (_align(pen.text(column.title, "grey"), column) for column in fit.columns)
    return pen.write_line(_pad(pen.cut(group, width), width), *titles)


def _write_row(row: Row, fit: Fit, pen: Pen) -> str:
    if row.head:
        return pen.write_line(
            pen.wrap(pen.text(row.cells[0].text, "strong"), pen.width or 79, 1)[0]
        )
    sign = pen.text(write_sign(row.status, pen.plain).ljust(fit.sign_width), row.status or "plain")
    first, *others = _wrap_name(row, fit, pen)
    cells = (
        _align(_cell(row.cells[column.position], column, pen), column) for column in fit.columns
    )
    lead = " " * fit.sign_width
    return pen.write_line(sign, _pad(first, fit.name_width), *cells) + "".join(
        pen.write_line(lead, line) for line in others
    )


def _wrap_name(row: Row, fit: Fit, pen: Pen) -> Iterator[Text]:
    """A name on at most two lines, the second as far in as the first."""
    indent = " " * (row.depth * _INDENT)
    name = _name(row, pen)[len(indent) :]
    for line in pen.wrap(name, fit.name_width - len(indent), _NAME_LINES):
        yield Text(indent) + line


def _name(row: Row, pen: Pen) -> Text:
    cell = row.cells[0]
    name = Text(" " * (row.depth * _INDENT)) + pen.text(cell.text, cell.tone)
    return name + pen.text(f" · {cell.note}", "grey") if cell.note else name


def _cell(cell: Cell, column: FitColumn, pen: Pen) -> Text:
    if cell.figure is None:
        return pen.text(cell.text, cell.tone)
    return Text(draw_bars(cell.figure.values[-column.points :], pen.plain))


def _align(text: Text, column: FitColumn) -> Text:
    blank = " " * (column.width - text.cell_len)
    gutter = " " * GUTTER
    parts = (gutter, text, blank) if column.align == "left" else (gutter, blank, text)
    return Text.assemble(*parts)


def _pad(text: Text, width: int) -> Text:
    return text + Text(" " * max(width - text.cell_len, 0))
