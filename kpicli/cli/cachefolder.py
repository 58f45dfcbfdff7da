"""Where tables are kept from one run to the next, and when they are written."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from time import time

from kpicli.cli.screen import warn
from kpicli.engine.cache import Cache

FOLDER = "KPI_CACHE_DIR"


def open_cache(*, off: bool) -> Cache:
    """The user's cache; one of this run alone where it is off or has no place."""
    return Cache(None if off else cache_folder(os.environ, sys.platform))


def write_cache(cache: Cache, *, verbose: bool = False) -> None:
    """Write what was made, after everything else is out; trouble is told with -v alone."""
    if (trouble := cache.write(time())) and verbose:
        warn(trouble)


def cache_folder(environment: Mapping[str, str], platform: str) -> Path | None:
    """The folder as the platform has it, or as KPI_CACHE_DIR says; None where there is no home."""
    if named := environment.get(FOLDER):
        return Path(named)
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "kpi" / "Cache" if local else None
    if platform == "darwin":
        return Path(home) / "Library" / "Caches" / "kpi" if home else None
    # A relative path there is to be taken as none: XDG Base Directory Specification.
    if (own := environment.get("XDG_CACHE_HOME")) and Path(own).is_absolute():
        return Path(own) / "kpi"
    return Path(home) / ".cache" / "kpi" if home else None
