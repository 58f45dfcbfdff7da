"""What is left of a file without what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kpicli.definitions.shape import Shape


def salvage(raw: Mapping[str, Any]) -> Shape:
    """The shape without the entries that it refuses."""
    kept: dict[str, Any] = {"version": 1}
    for key in ("title", "timezone", "week_starts", "currency", "grain"):
        if key in raw and _valid({"version": 1, key: raw[key]}):
            kept[key] = raw[key]
    if "exclude" in raw and _valid({"version": 1, "exclude": raw["exclude"]}):
        kept["exclude"] = raw["exclude"]
    for key in ("sources", "segments", "reports"):
        entries = raw.get(key)
        if isinstance(entries, Mapping):
            told = {"reports": _report_without_refused}.get(key, lambda entry: entry)
            kept[key] = {
                name: told(entry)
                for name, entry in entries.items()
                if _valid({"version": 1, key: {name: told(entry)}})
            }
    kept["kpis"] = (
        {name: one for name, one in (raw.get("kpis") or {}).items() if isinstance(one, Mapping)}
        if isinstance(raw.get("kpis"), Mapping)
        else {}
    )
    return Shape.model_validate(kept)


def _report_without_refused(entry: Any) -> Any:
    """A report's keys that can be read, so that the names of its KPIs are checked all the same."""
    if not isinstance(entry, Mapping):
        return entry
    kpis = {"kpis": entry.get("kpis")}
    return {
        key: value
        for key, value in entry.items()
        if key == "kpis" or _valid({"version": 1, "reports": {"one": {**kpis, key: value}}})
    }


def _valid(raw: Mapping[str, Any]) -> bool:
    try:
        Shape.model_validate(raw)
    except ValidationError:
        return False
    return True
