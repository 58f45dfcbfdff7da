"""Ready KPI definitions in the users' own YAML."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kpicli.definitions.document import read_document

_FOLDER = Path(__file__).parent
# In the catalogue's order; a file that is not named here comes last.
_ORDER = (
    "marketing", "sales", "onboarding", "usage", "retention", "revenue", "renewals", "lifetime",
    "satisfaction",
)  # fmt: skip


@cache
def library_definitions() -> Mapping[str, Mapping[str, Any]]:
    """Every ready definition as its author wrote it, by name, in the catalogue's order."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(_FOLDER.glob("*.yaml"), key=_place):
        document, problems = read_document(path.read_text(encoding="utf-8"), path.name)
        if document is None:
            raise ValueError(f"{path.name}: {problems}")
        found |= document.value["kpis"]
    return found


def _place(path: Path) -> tuple[int, str]:
    name = path.stem
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER)), name
