"""GitHub's Markdown, also good as the body of a mail."""

import re
from itertools import groupby

from kpicli.render.options import Format, Options, blocks_of
from kpicli.render.safe import clean
from kpicli.render.signs import draw_bars, draw_shade, write_sign
from kpicli.reports.blocks import (
    Block,
    Blocks,
    Cell,
    Detail,
    Grid,
    GridCell,
    Heading,
    Note,
    Row,
    Table,
    Tally,
)
from kpicli.results import Outcome

# An underscore inside a word is no emphasis: kpi_definitions.yaml stays readable.
_MARKS = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
# What makes a heading, a list or a quote at the start of a line; +1.7 pt is none of them.
_FIRST = re.compile(r"^(\s*)(\d*)([#=]|-(?=[\s\-]|$)|[+.)](?=\s|$))")
# Addresses become links, and @names send mails, without any mark: a character of no width
# behind the sign that starts them stops that.
_LINK = re.compile(r"(?i)(:(?=//)|\bwww(?=\.)|@)")
_JOINER = "\N{WORD JOINER}"
_INDENT = "\N{EN SPACE}" * 2


def render(outcome: Outcome, options: Options) -> str:
    """A heading, tables and lists; what stands behind the numbers is for the HTML page."""
    blocks = blocks_of(outcome, options)
    return render_blocks(tuple(block for block in blocks if not isinstance(block, Detail)), options)


def render_blocks(blocks: Blocks, options: Options) -> str:
    """The same for the blocks of any page; all of them are shown, whatever the options."""
    texts = [text for text in map(_write, blocks) if text]
    lists = groupby(texts, key=lambda text: text.startswith("- "))
    return "\n".join(("" if listed else "\n").join(group) for listed, group in lists)


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no mark, no link, no HTML, no mention."""
    safe = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    marked = _MARKS.sub(lambda found: "\\" + found[0], safe)
    return _LINK.sub(lambda found: found[0] + _JOINER, _FIRST.sub(r"\1\2\\\3", marked))


def _write(block: Block) -> str:
    match block:
        case Heading():
            aside = " · ".join(filter(None, (block.period, block.read_to)))
            return f"# {escape(block.text)}\n" + (f"\n{escape(aside)}\n" if aside else "")
        case Table():
            return _write_table(block)
        case Grid():
            return _write_grid(block)
        case Tally():
            return f"**{escape(block.text)}**\n"
        case Note():
            return _write_note(block)
        case Detail():
            facts = "".join(map(_write_fact, block.facts))
            return (f"## {escape(block.title)}\n\n" if block.title else "") + facts


def _write_fact(fact: tuple[str, str]) -> str:
    term, text = fact
    return f"- **{escape(term)}**: {escape(text)}\n" if term else f"- {escape(text)}\n"


def _write_note(note: Note) -> str:
    if note.role == "foot":
        return f"<sub>{escape(note.text)}</sub>\n"
    if note.role in ("coverage", "warning"):
        return f"{escape(note.text)}\n"
    sign = "⚠" if note.role in ("problem", "doubt") else write_sign(note.status)
    action = f"  - {escape(note.action)}\n" if note.action else ""
    quotes = "".join(f"  - {escape(quote)}\n" for quote in note.quotes)
    return f"- {sign} {escape(note.text)}\n{action}{quotes}"


def _write_table(table: Table) -> str:
    titles = ["", *(escape(column.title) for column in table.columns)]
    rules = [":-:", *("---:" if one.align == "right" else ":---" for one in table.columns)]
    rows = (_write_row(row) for row in table.rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (titles, rules, *rows))


def _write_grid(grid: Grid) -> str:
    """A table of shares with a shade behind each; the title and what they are stand above it."""
    titles = ["", "size", *(escape(column) for column in grid.columns)]
    rules = [":---", *("---:" for _ in titles[1:])]
    rows = (
        [escape(row.name), escape(row.size), *(_write_heat(cell) for cell in row.cells)]
        for row in grid.rows
    )
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in (titles, rules, *rows))
    return f"**{escape(grid.title)}**, {escape(grid.what)}\n\n{table}\n{escape(grid.legend)}\n"


def _write_heat(cell: GridCell) -> str:
    star = escape("*") if cell.partial else ""
    return f"{escape(cell.text)}{star} {draw_shade(cell.heat)}".rstrip()


def _write_row(row: Row) -> list[str]:
    first, *others = row.cells
    name = escape(first.text)
    if row.head:
        return ["", f"**{name}**", *("" for _ in others)]
    note = f" · *{escape(first.note)}*" if first.note else ""
    sign = write_sign(row.status)
    return [sign, _INDENT * row.depth + name + note, *(_write_cell(cell) for cell in others)]


def _write_cell(cell: Cell) -> str:
    if cell.figure:
        return draw_bars(cell.figure.values).replace(" ", "\N{FIGURE SPACE}")
    text = escape(cell.text)
    return f"**{text}**" if cell.tone in ("strong", "red", "yellow") else text


FORMAT = Format("markdown", (".md", ".markdown"), render)
