"""Stdout and stderr: what they can show, and what happens when nobody reads on."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kpicli.errors import KpiError, Problem
from kpicli.render.signs import can_show_signs, write_plain

# What fits into a mail and a log.
PIPE_WIDTH = 79


class OutputError(KpiError):
    """What was computed cannot be written: exit 3, found outside definitions and command line."""

    exit_code = 3


@dataclass(frozen=True)
class Screen:
    """What stdout can show; width in columns."""

    width: int
    colour: bool
    plain_signs: bool


def screen() -> Screen:
    """The terminal's width and colours; in a pipe 79 columns and none."""
    terminal = is_terminal()
    return Screen(
        width=_terminal_width() if terminal else PIPE_WIDTH,
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        plain_signs=not can_show_signs(sys.stdout.encoding if sys.stdout else None),
    )


def is_terminal() -> bool:
    """Whether somebody looks at stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


def streams_meet() -> bool:
    """Whether stdout and stderr end in the same file or pipe, as after 2>&1."""
    try:
        return os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):
        return False


def print_text(text: str) -> None:
    """Write to stdout in its own encoding; what it cannot write becomes a question mark."""
    if sys.stdout is not None:
        _write(text.encode(sys.stdout.encoding or "ascii", errors="replace"))


def print_document(text: str) -> None:
    """Write to stdout what another program reads: UTF-8, but for a terminal."""
    if is_terminal():
        print_text(text)
    else:
        print_bytes(text.encode("utf-8", errors="replace"))


def print_bytes(content: bytes) -> None:
    """Write to stdout as it is."""
    if sys.stdout is not None:
        _write(content)


def warn(text: str) -> None:
    """A line or several on stderr."""
    if sys.stderr is None:
        return
    plain = not can_show_signs(sys.stderr.encoding)
    try:
        print(write_plain(text, plain), file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        _to_nowhere(2)


def _write(content: bytes) -> None:
    """A reader who has left is no error; a full disk is."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _to_nowhere(1)
    except OSError as wrong:
        _to_nowhere(1)
        why = (wrong.strerror or "the system refused").lower()
        raise OutputError(
            [Problem("not_written", f"the output cannot be written: {why}")]
        ) from None


def _to_nowhere(stream: int) -> None:
    """What is still buffered must not complain when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _terminal_width() -> int:
    try:
        return max(os.get_terminal_size(sys.stdout.fileno()).columns or PIPE_WIDTH, 40)
    except OSError:
        return PIPE_WIDTH


@contextmanager
def progress(text: str) -> Iterator[None]:
    """A line on stderr while something takes its time, on a terminal only."""
    seen = sys.stderr is not None and sys.stderr.isatty()
    if seen:
        sys.stderr.write(write_plain(text, not can_show_signs(sys.stderr.encoding)))
        sys.stderr.flush()
    try:
        yield
    finally:
        if seen:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
