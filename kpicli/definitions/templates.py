"""One definition for many, and definitions that build on the library's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from kpicli.errors import Problem, did_you_mean

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """A KPI's keys after `each`, `use` and `and_where`; origin is the name in the file."""

    name: str
    origin: str
    keys: Raw
    library: str | None = None


def expand(name: str, raw: Raw, library: Mapping[str, Raw]) -> Iterator[Template | Problem]:
    """A KPI as written, once for each filling of `each`, on top of what it uses."""
    each = raw.get("each")
    if each is None:
        yield _built(name, name, raw, library)
        return
    if not _fillings_are_lists(each):
        yield Problem(
            "each", f"each: of {name} is not a list of values", "write each: {feature: [a, b]}"
        )
        return
    rest = {key: value for key, value in raw.items() if key != "each"}
    for values in product(*each.values()):
        filling = dict(zip(each, map(str, values), strict=True))
        yield _built(_filled_name(name, filling), name, _filled(rest, filling), library)


def _fillings_are_lists(each: object) -> bool:
    return isinstance(each, Mapping) and all(
        isinstance(values, list) and values for values in each.values()
    )


def _filled_name(name: str, filling: Mapping[str, str]) -> str:
    filled = _filled(name, filling)
    return filled if filled != name else "_".join((name, *filling.values()))


def _filled(value: Any, filling: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for key, text in filling.items():
            value = value.replace("{" + key + "}", text)
        return value
    if isinstance(value, Mapping):
        return {_filled(key, filling): _filled(inner, filling) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, filling) for inner in value]
    return value


def _built(name: str, origin: str, raw: Raw, library: Mapping[str, Raw]) -> Template | Problem:
    used = raw.get("use")
    if used is not None and used not in library:
        hint = did_you_mean(str(used), library)
        return Problem("unknown_use", f"the library has no definition {used!r}", hint)
    base = library[used] if used is not None else {}
    own = {key: value for key, value in raw.items() if key not in ("use", "and_where")}
    merged = {**base, **own}
    if "and_where" in raw:
        merged["where"] = _both(merged.get("where"), raw["and_where"])
    return Template(name, origin, merged, used)


def _both(where: Any, and_where: Any) -> Any:
    return and_where if where is None else [where, and_where]
