"""The one place where an import comes late: help and completion must not wait for polars."""

from importlib import import_module
from typing import Any


def late(name: str) -> Any:
    """The module of this folder with the name."""
    return import_module(f"kpicli.cli.{name}")
