"""What a model refuses, told as problems with places."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from kpicli.errors import Problem, did_you_mean
from kpicli.kinds.written import COMMON_KEYS, WrittenKpi

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Refusal:
    """A problem with its path in the file; text and offset say where in the value, if known."""

    path: Loc
    problem: Problem
    at_key: bool = False
    text: str | None = None
    offset: int | None = None


def refusals(
    wrong: ValidationError, model: type[BaseModel], raw: Any, extra_keys: Sequence[str] = ()
) -> Iterator[Refusal]:
    """Each thing refused in raw; extra_keys are allowed beside the model's own."""
    for error in wrong.errors(include_url=False):
        path = _known_path(error["loc"], raw)
        yield Refusal(
            path,
            _problem(dict(error), path, model, extra_keys),
            at_key=error["type"] == "extra_forbidden",
            text=error["input"] if isinstance(error["input"], str) else None,
            offset=getattr(error.get("ctx", {}).get("error"), "offset", None),
        )


def _known_path(loc: Loc, raw: Any) -> Loc:
    """The part of a model's path that is in the file: unions put names of their own into it."""
    path: list[str | int] = []
    for token in loc:
        inside = isinstance(raw, Mapping) and token in raw
        listed = isinstance(raw, list) and isinstance(token, int) and token < len(raw)
        if inside or listed:
            raw = raw[token]
            path.append(token)
    if loc and loc[-1] not in path and isinstance(loc[-1], str) and "[" not in loc[-1]:
        path.append(loc[-1])
    return tuple(path)


def _problem(
    error: Mapping[str, Any], loc: Loc, model: type[BaseModel], extra_keys: Sequence[str]
) -> Problem:
    name = loc[-1] if loc else "the file"
    cause = error.get("ctx", {}).get("error")
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(str(name), _model_at(model, loc[:-1]), extra_keys)
        case "missing":
            return Problem("missing_key", f"{name}: is missing")
        case "literal_error":
            allowed = tuple(_literals(error["ctx"]["expected"]))
            found = str(error["input"])
            return Problem(
                "not_allowed", f"{name}: {found!r} is not known", did_you_mean(found, allowed)
            )
        case "value_error" if cause is not None:
            hint = getattr(cause, "hint", None)
            return Problem("wrong_value", f"{name}: {cause}", hint)
        case _:
            shown = _shown(error["input"])
            return Problem("wrong_value", f"{name}: {shown}: {_plain(error['msg'])}")


def _unknown_key(name: str, model: type[BaseModel] | None, extra_keys: Sequence[str]) -> Problem:
    problem = Problem("unknown_key", f"unknown key {name!r}")
    keys = _keys(model)
    if model is None or not issubclass(model, WrittenKpi):
        return replace(problem, hint=did_you_mean(name, (*keys, *extra_keys)))
    known = did_you_mean(name, (*_by_use(keys), *extra_keys), ordered=True)
    return replace(problem, hint=model.meant.get(name, known))


def _by_use(keys: Sequence[str]) -> list[str]:
    """A kind's own keys, then those of every kind in the order of their use, then the rest."""
    common = list(COMMON_KEYS)
    rest = [key for key in WrittenKpi.model_fields if key not in common]
    own = [key for key in keys if key not in common and key not in rest]
    return [*own, *(key for key in (*common, *rest) if key in keys)]


def _shown(found: object) -> str:
    """What stands in the file, as its author would call it."""
    if found is None:
        return "empty"
    return "a mapping" if isinstance(found, Mapping) else repr(found)


def _plain(message: str) -> str:
    """Pydantic's sentence without its Python words."""
    words = {
        "Input should be ": "should be ",
        "a valid dictionary": "a mapping (key: value)",
        "a valid mapping": "a mapping (key: value)",
        "a valid number, unable to parse string as a number": "a number",
        "a valid number": "a number",
        "a valid integer, unable to parse string as an integer": "a whole number",
        "String should match pattern '^[A-Z]{3}$'": "should be three capitals, such as EUR",
        "a valid tuple": "a list",
        "a valid string": "a text",
        "a valid integer": "a whole number",
        "a valid boolean": "true or false",
    }
    message = re.sub(r" or (an )?instance of \w+", "", message)
    for theirs, ours in words.items():
        message = message.replace(theirs, ours)
    return message


def _literals(expected: str) -> Iterator[str]:
    for part in expected.replace(" or ", ", ").split(", "):
        yield part.strip("'")


def _keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    if model is None:
        return ()
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _model_at(model: type[BaseModel], path: Loc) -> type[BaseModel] | None:
    """The model that a path leads to, through mappings and lists."""
    current = model
    for token in path:
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        if token in fields:
            inner = _model_in(fields[str(token)].annotation)
            if inner is None:
                return None
            current = inner
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
