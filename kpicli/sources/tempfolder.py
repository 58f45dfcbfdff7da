"""The program's temporary folder."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from kpicli.errors import Problem


def new_folder() -> Path:
    """An empty folder of its own; raises OSError where there is no room."""
    return Path(tempfile.mkdtemp(dir=_room()))


def no_room(wrong: OSError) -> Problem:
    """The system refuses to take what is put aside."""
    message = f"the temporary folder cannot be written: {wrong.strerror or 'no room'}"
    return Problem("unreadable", message, "free some room, or set TMPDIR to another folder")


@cache
def _room() -> Path:
    """The folder of all, made when first needed, removed when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="kpi-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
