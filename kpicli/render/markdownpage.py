"""A page that is written in Markdown, laid out for a terminal."""

import io

from rich.console import Console
from rich.markdown import Markdown


def render_markdown(text: str, width: int, colour: bool) -> str:
    """Headings, lists, tables and code of our own pages; never a text from data."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, legacy_windows=False, emoji=False,
        color_system="standard" if colour else None, no_color=not colour, _environ={},
    )  # fmt: skip
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_light" if colour else "bw"))
    return capture.get()
