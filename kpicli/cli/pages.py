"""Pages that are no report: their formats, and how they come to the screen."""

from collections.abc import Callable

from kpicli.cli.output import check_word
from kpicli.cli.screen import is_terminal, print_document, print_text, screen
from kpicli.render import markdown, terminal
from kpicli.render.markdownpage import render_markdown
from kpicli.render.options import Options
from kpicli.reports.blocks import Blocks

FORMATS = ("table", "markdown", "json")


def check_page_format(word: str) -> None:
    """RequestError where pages have no such format."""
    check_word(word, FORMATS)


def print_page(word: str, blocks: Blocks, document: Callable[[], str]) -> None:
    """A page on stdout, as text, Markdown, or the document that programs read."""
    if word == "json":
        print_document(document())
    elif word == "markdown":
        print_document(markdown.render_blocks(blocks, Options()))
    else:
        print_text(text_of(blocks))


def print_markdown(text: str) -> None:
    """Markdown as a page on a terminal, as it is written for everybody else."""
    if is_terminal():
        shown = screen()
        print_text(render_markdown(text, shown.width, shown.colour))
    else:
        print_document(text)


def text_of(blocks: Blocks) -> str:
    """The blocks as this screen can show them."""
    shown = screen()
    options = Options(width=shown.width, colour=shown.colour, plain_signs=shown.plain_signs)
    return terminal.render_blocks(blocks, options)
