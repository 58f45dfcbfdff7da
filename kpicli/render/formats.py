"""The shelf of formats: every module of this folder that has a FORMAT."""

from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules

from kpicli.render import __path__ as shelf
from kpicli.render.options import Format, View


def _walk_shelf() -> dict[str, Format]:
    modules = (import_module(f"kpicli.render.{found.name}") for found in iter_modules(shelf)
               if found.name != "formats")  # fmt: skip
    formats = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {found.name: found for found in sorted(formats, key=lambda found: str(found.name))}


FORMATS: dict[str, Format] = _walk_shelf()


def formats_for(view: View) -> tuple[str, ...]:
    """The words that --format takes in a view."""
    return tuple(name for name, found in FORMATS.items() if view in found.views)


def format_of_path(path: str) -> Format | None:
    """The format that a file's ending names; None where no format has it."""
    ending = PurePath(path).suffix.lower()
    return next((found for found in FORMATS.values() if ending in found.endings), None)
