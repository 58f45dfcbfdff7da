"""The shelf of formats: every module of this folder that has a FORMAT, by the module's name."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePath

from kpicli.render.options import Format, View

_FOLDER = Path(__file__).parent


class _Shelf(Mapping[str, Format]):
    """Formats by name; only what is asked for is imported, for one report needs one of them."""

    def __getitem__(self, name: str) -> Format:
        if name not in self._modules():
            raise KeyError(name)
        module = import_module(f"kpicli.render.{name}")
        if not hasattr(module, "FORMAT"):
            raise KeyError(name)
        found: Format = module.FORMAT
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._modules() if name in self)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _modules(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem != "__init__"))


FORMATS: Mapping[str, Format] = _Shelf()


def formats_for(view: View) -> tuple[str, ...]:
    """The words that --format takes in a view."""
    return tuple(name for name, found in FORMATS.items() if view in found.views)


def format_of_path(path: str) -> Format | None:
    """The format that a file's ending names; None where no format has it."""
    ending = PurePath(path).suffix.lower()
    return next((found for found in FORMATS.values() if ending in found.endings), None)
