"""One self-contained page: to attach, to host, to print, to read on a phone."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kpicli.render.options import Format, Options, blocks_of
from kpicli.render.safe import clean
from kpicli.render.signs import SIGNS, write_sign
from kpicli.render.sketch import sketch_trend
from kpicli.reports.blocks import Block, Detail, Grid, Heading, Note, Role, Table, Tally
from kpicli.results import Outcome

# A text's own < and & become harmless here and nowhere else: every template escapes everything.
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    finalize=lambda value: (
        clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
    ),
)
_WORDS = {"green": "met", "yellow": "near", "red": "missed", "no_data": "not judged"}


def render(outcome: Outcome, options: Options) -> str:
    """The page; colours and the order of the page alone differ from the other formats."""
    blocks = blocks_of(outcome, options)
    return _PAGES.get_template("page.html").render(
        heading=next(block for block in blocks if isinstance(block, Heading)),
        tally=next((block for block in blocks if isinstance(block, Tally)), None),
        alerts=_notes(blocks, "problem", "doubt", "missing"),
        misses=_notes(blocks, "miss", "near"),
        tables=[block for block in blocks if isinstance(block, Table)],
        grids=[block for block in blocks if isinstance(block, Grid)],
        remarks=_notes(blocks, "unjudged", "coverage", "warning"),
        details=[block for block in blocks if isinstance(block, Detail)],
        feet=_notes(blocks, "foot"),
        anchors={
            block.anchor: f"kpi-{position}"
            for position, block in enumerate(one for one in blocks if isinstance(one, Detail))
        },
        sketch=sketch_trend,
        sign=write_sign,
        signs=SIGNS,
        words=_WORDS,
    )


def _notes(blocks: tuple[Block, ...], *roles: Role) -> list[Note]:
    return [block for block in blocks if isinstance(block, Note) and block.role in roles]


FORMAT = Format("html", (".html", ".htm"), render)
