"""The shelf of file formats, one file each."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from kpicli.errors import Problem, SourceError
from kpicli.sources.files import first_bytes
from kpicli.sources.foreign import foreign_content
from kpicli.sources.reading import Format

_FOLDER = Path(__file__).parent


@cache
def formats() -> tuple[Format, ...]:
    """Every format, by file name; the one dynamic import of this room."""
    names = sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem != "__init__")
    modules = (import_module(f"kpicli.sources.formats.{name}") for name in names)
    return tuple(cast(Format, module.FORMAT) for module in modules)


def format_of(path: Path) -> tuple[Format, str | None]:
    """A file's format, by its content, then by its ending, with a note where the two differ.

    Raises SourceError for a file that is missing, empty, unreadable or of no format here.
    """
    content, ending = _known(path, path.suffix)
    if content and ending and content != ending:
        return content, f"{path.name} is {content.name} in spite of its ending, and read as such"
    return content or ending or _text_format(), None


def format_within(path: Path, ending: str) -> Format:
    """The format of a file that was packed, and whose name ended so; raises SourceError."""
    content, by_ending = _known(path, ending)
    return content or by_ending or _text_format()


def _known(path: Path, suffix: str) -> tuple[Format | None, Format | None]:
    """The format by content, and that by ending; SourceError where the content is of none."""
    start = first_bytes(path)
    content = next((known for known in formats() if known.recognises(start)), None)
    ending = next((known for known in formats() if suffix.lower() in known.endings), None)
    foreign = None if content else foreign_content(start)
    if foreign:
        raise SourceError([_foreign(path, ending, *foreign)])
    return content, ending


def _text_format() -> Format:
    """Text without a telling ending or separator is a table of one column."""
    return next(known for known in formats() if ".txt" in known.endings)


def _foreign(path: Path, ending: Format | None, what: str, hint: str) -> Problem:
    if path.suffix.lower() in (".xls", ".xlsx") and "workbook" not in what:
        what, hint = f"{what}, in spite of its ending", "open it and save it as .xlsx or CSV"
    code = f"not_{ending.name.lower()}" if ending else "not_csv"
    return Problem(code, f"{path.name} is {what}", hint)
