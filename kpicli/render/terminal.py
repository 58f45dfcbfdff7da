"""The report as a terminal or a plain file shows it: aligned columns, signs, bars."""

from itertools import groupby

from rich.text import Text

from kpicli.render.grid import write_table
from kpicli.render.heatmap import write_grid
from kpicli.render.options import Options, blocks_of
from kpicli.render.pen import Pen
from kpicli.render.signs import write_sign
from kpicli.reports.blocks import Block, Blocks, Detail, Grid, Heading, Note, Table, Tally
from kpicli.results import Outcome

_SECTION = {
    "problem": "top", "doubt": "top", "missing": "top", "miss": "targets", "near": "targets",
    "unjudged": "targets", "coverage": "end", "warning": "end",
}  # fmt: skip
# A comment in a file, which has no width of its own.
_WIDEST = 100


def render(outcome: Outcome, options: Options) -> str:
    """Blocks one under the other, an empty line between what does not belong together."""
    shown = tuple(block for block in blocks_of(outcome, options) if _is_shown(block))
    return render_blocks(shown, options)


def render_blocks(blocks: Blocks, options: Options) -> str:
    """The same for the blocks of any page; all of them are shown."""
    pen = Pen(options.width, options.colour, options.plain_signs)
    sections = groupby(enumerate(blocks), key=lambda one: _section_of(*one))
    return "\n".join("".join(_write(block, pen) for _, block in section) for _, section in sections)


def _write(block: Block, pen: Pen) -> str:
    match block:
        case Heading():
            return _write_heading(block, pen)
        case Table():
            return write_table(block, pen)
        case Grid():
            return write_grid(block, pen)
        case Tally():
            return pen.write_paragraph(pen.text(block.text, "strong"))
        case Note():
            return _write_note(block, pen)
        case Detail():
            return _write_detail(block, pen)


def _write_heading(block: Heading, pen: Pen) -> str:
    """Title left, period right; one under the other where they do not fit side by side."""
    title = pen.text(block.text, "strong")
    aside = pen.text(" · ".join(filter(None, (block.period, block.read_to))))
    room = (pen.width or 0) - title.cell_len - aside.cell_len
    if room < 2:
        return pen.write_paragraph(title) + pen.write_paragraph(aside)
    return pen.write_line(title, " " * room, aside)


def _write_note(note: Note, pen: Pen) -> str:
    warns = note.role in ("problem", "doubt", "warning")
    sign = "!" if warns else write_sign(note.status, pen.plain)
    tone = "red" if note.role == "problem" else note.status or "grey"
    lead = pen.text(sign.ljust(pen.sign_width + 1) if sign else "", tone)
    quiet = note.role in ("coverage", "warning")
    text = pen.write_paragraph(pen.text(note.text, "grey" if quiet else "plain"), lead)
    indent = pen.text(" " * lead.cell_len)
    if note.action is not None:
        text += pen.write_paragraph(pen.text(note.action, "grey"), indent)
    return text + "".join(_write_quote(quote, indent, pen) for quote in note.quotes)


def _write_quote(quote: str, indent: Text, pen: Pen) -> str:
    """One line: the page's width, or about as much where a file has none."""
    room = (pen.width or _WIDEST) - indent.cell_len
    return pen.write_line(indent, pen.cut(pen.text(quote, "grey"), room))


def _write_detail(detail: Detail, pen: Pen) -> str:
    """A title, then terms with their texts beside them; a text without a term is an item."""
    title = pen.write_paragraph(pen.text(detail.title, "strong")) if detail.title else ""
    room = max((pen.text(term or "·").cell_len for term, _ in detail.facts), default=0)
    return title + "".join(
        pen.write_paragraph(pen.text(text), pen.text((term or "·").ljust(room + 2), "grey"))
        for term, text in detail.facts
    )


def _is_shown(block: Block) -> bool:
    return not isinstance(block, Detail) and not (isinstance(block, Note) and block.role == "foot")


def _section_of(position: int, block: Block) -> str:
    if isinstance(block, Note):
        return _SECTION.get(block.role, block.role)
    return "targets" if isinstance(block, Tally) else str(position)
