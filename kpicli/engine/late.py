"""What a run loads only where its definitions ask for it."""

from importlib import import_module
from typing import Any


def late(name: str) -> Any:
    """A module of this room."""
    return import_module(f"kpicli.engine.{name}")
