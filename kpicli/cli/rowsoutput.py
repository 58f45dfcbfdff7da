"""The rows behind a number, written to stdout or to files in full."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from kpicli.cli.files import replace_files
from kpicli.cli.output import check_placeholders, check_word, fill_path
from kpicli.cli.pages import text_of
from kpicli.cli.screen import print_document, print_text
from kpicli.engine.evidence import Evidence, parquet_of, together
from kpicli.errors import RequestError
from kpicli.render import markdown, terminal
from kpicli.render.evidence import evidence_csv, evidence_json
from kpicli.render.options import Options
from kpicli.reports.evidence import evidence_blocks
from kpicli.results import Outcome

Found = Sequence[Evidence]
Write = Callable[[Outcome, Found], bytes]
FORMATS = ("table", "markdown", "json", "csv")
_ENDINGS = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".md": "markdown",
            ".txt": "table"}  # fmt: skip


@dataclass(frozen=True)
class RowsOutput:
    """stdout in a format, or files each in its own."""

    format: str
    files: tuple[tuple[str, str], ...] = ()


def choose_rows_output(word: str | None, paths: Sequence[str]) -> RowsOutput:
    """Check formats and placeholders before any work; RequestError with what is allowed."""
    if word is not None:
        check_word(word, (*FORMATS, "parquet") if paths else FORMATS)
    for path in paths:
        check_placeholders(path)
    return RowsOutput(word or "table", tuple((path, _format_of(path, word)) for path in paths))


def _format_of(path: str, word: str | None) -> str:
    found = _ENDINGS.get(PurePath(path).suffix.lower())
    if found is None and word is None:
        hint = "write --format, or one of the endings " + ", ".join(sorted(_ENDINGS))
        raise RequestError(f"-o {path}: its ending names no format", hint, "format")
    if found and word and found != word:
        message = f"-o {path} is {found} by its ending, --format says {word}"
        raise RequestError(message, "leave --format out, or change the ending", "format")
    return found or str(word)


def write_rows(outcome: Outcome, found: Found, output: RowsOutput) -> None:
    """Write to the files, each whole or not at all, or to stdout."""
    if output.files:
        replace_files(dict(_contents(outcome, found, output)))
    elif output.format == "table":
        print_text(text_of(evidence_blocks(outcome, found)))
    else:
        print_document(_WRITE[output.format](outcome, found).decode())


def _contents(outcome: Outcome, found: Found, output: RowsOutput) -> list[tuple[Path, bytes]]:
    return [
        (fill_path(path, outcome), _WRITE[format_](outcome, found))
        for path, format_ in output.files
    ]


def _table(outcome: Outcome, found: Found) -> bytes:
    return terminal.render_blocks(evidence_blocks(outcome, found), Options()).encode()


def _markdown(outcome: Outcome, found: Found) -> bytes:
    return markdown.render_blocks(evidence_blocks(outcome, found), Options()).encode()


_WRITE: Mapping[str, Write] = {
    "table": _table,
    "markdown": _markdown,
    "json": lambda outcome, found: evidence_json(outcome, found).encode(errors="replace"),
    "csv": lambda outcome, found: evidence_csv(found).encode(errors="replace"),
    "parquet": lambda outcome, found: parquet_of(together(found)),
}
