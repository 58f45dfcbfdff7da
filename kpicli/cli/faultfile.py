"""The file about a fault of ours that a user can send in: never rows, ids or addresses."""

import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "kpicli", "polars", "narwhals", "pydantic", "sqlglot", "pyyaml", "typer", "rich", "jinja2",
)  # fmt: skip
# Their values may name people; those of --by and of the rest are words of the definitions.
MASKED = ("--where", "--for")
# What Python itself says of code. Other messages may quote a cell.
_OWN_MESSAGES = (AttributeError, NameError, ImportError, RecursionError, NotImplementedError)
_ADDRESS = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+\.[\w-]+")
_FOLDERS = re.compile(r'File ".*?[\\/]((?:site-packages|kpicli|lib)[\\/])')


def write_fault(wrong: BaseException, arguments: Sequence[str]) -> Path | None:
    """Write the file into the current folder, else among temporary files; None where neither."""
    text = describe_fault(wrong, arguments)
    name = f"kpi-fault-{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"
    for folder in (Path(), Path(tempfile.gettempdir())):
        try:
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return None


def describe_fault(wrong: BaseException, arguments: Sequence[str]) -> str:
    """Versions, the command line without values, where it went wrong, and the definitions."""
    sections = (
        _versions(),
        "command: kpi " + " ".join(masked(arguments)),
        "".join(_traces(wrong)).rstrip(),
        "definitions:\n" + _definitions(arguments),
    )
    return _ADDRESS.sub("<address>", "\n\n".join(sections)) + "\n"


def masked(arguments: Sequence[str]) -> list[str]:
    """The command line with *** in place of the values that may name people."""
    shown: list[str] = []
    hide = False
    for one in arguments:
        option, equals, _ = one.partition("=")
        shown.append("***" if hide else f"{option}=***" if equals and option in MASKED else one)
        hide = one in MASKED
    return shown


def _versions() -> str:
    lines = [f"python {sys.version.split()[0]} on {platform.platform()}"]
    return "\n".join((*(f"{name} {_version(name)}" for name in PACKAGES), *lines))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"


def _traces(wrong: BaseException) -> Iterator[str]:
    """Frames and type of the exception and of those that led to it, without their messages."""
    before = wrong.__cause__ or (None if wrong.__suppress_context__ else wrong.__context__)
    if before is not None:
        yield from _traces(before)
        yield "\nwhich led to:\n"
    for frame in traceback.format_tb(wrong.__traceback__):
        yield _FOLDERS.sub(r'File "\1', frame)
    kind = f"{type(wrong).__module__}.{type(wrong).__qualname__}"
    yield f"{kind}: {wrong}\n" if isinstance(wrong, _OWN_MESSAGES) else f"{kind}\n"


def _definitions(arguments: Sequence[str]) -> str:
    try:
        return _definitions_file(arguments).read_text(encoding="utf-8", errors="backslashreplace")
    except OSError:
        return "(not readable)"


def _definitions_file(arguments: Sequence[str]) -> Path:
    for one, following in zip(arguments, (*arguments, "")[1:], strict=True):
        if one in ("-f", "--definitions"):
            return Path(following)
        if one.startswith("--definitions="):
            return Path(one.partition("=")[2])
        if one.startswith("-f") and len(one) > 2:
            return Path(one[2:])
    return Path("kpi_definitions.yaml")
