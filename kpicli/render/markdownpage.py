"""A page that is written in Markdown, laid out for a terminal."""

import csv
import io
import re

from rich.console import Console
from rich.markdown import Markdown

_ROWS = re.compile(r"^```(?:csv (?P<name>\S+)|results)\n(?P<rows>.*?)^```$", re.M | re.S)

_LONG = re.compile(r"^-?\d+\.\d{5,}$")


def render_markdown(text: str, width: int, colour: bool) -> str:
    """Headings, lists, tables and code of our own pages; never a text from data."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, legacy_windows=False, emoji=False,
        color_system="standard" if colour else None, no_color=not colour, _environ={},
    )  # fmt: skip
    with console.capture() as capture:
        console.print(
            Markdown(_ROWS.sub(_table, text), code_theme="ansi_light" if colour else "bw")
        )
    return capture.get()


def _table(found: re.Match[str]) -> str:
    """Rows of a file, or results, as a table; columns without any value are left out."""
    rows = list(csv.reader(io.StringIO(found["rows"])))
    if len({len(row) for row in rows}) != 1:
        return found[0]
    filled = [at for at in range(len(rows[0])) if found["name"] or any(row[at] for row in rows[1:])]
    header, *others = (_table_row([row[at] for at in filled]) for row in rows)
    title = f"{found['name']}:\n\n" if found["name"] else ""
    return "\n".join((title + header, _table_row(["---"] * len(filled)), *others))


def _table_row(cells: list[str]) -> str:
    short = (_LONG.sub(lambda found: f"{float(found[0]):.4f}", cell) for cell in cells)
    safe = (cell.replace("|", r"\|").replace("\n", " ") for cell in short)
    return f"| {' | '.join(safe)} |"
