"""The rules of good data that authors write on sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from kpicli.definitions.inclusion import Pages
from kpicli.definitions.refusals import Refusal, refusals
from kpicli.definitions.shape import Shape
from kpicli.definitions.tree import Path
from kpicli.errors import Problem, did_you_mean
from kpicli.quality import rule_named, rule_names
from kpicli.quality.base import Rule
from kpicli.sources.declaration import Source

_SHARED = ("level", "allow", "report")


@dataclass(frozen=True)
class Ruled:
    """The file with what rules say of its sources themselves, the rules by source.

    refused: what is wrong with others, below a path.
    """

    shape: Shape
    rules: Mapping[str, tuple[Rule, ...]]
    refused: tuple[tuple[Path, Refusal], ...] = ()


def read_rules(shape: Shape, pages: Pages) -> Ruled:
    """The rules of every source; loads nothing where there are none."""
    told: dict[str, tuple[Rule, ...]] = {}
    refused: list[tuple[Path, Refusal]] = []
    sources = dict(shape.sources)
    for name, source in shape.sources.items():
        read = [
            one
            for number, raw in enumerate(source.quality)
            for one in _read(shape, pages, name, number, raw)
        ]
        told[name] = tuple(one for one in read if isinstance(one, Rule))
        refused += [one for one in read if not isinstance(one, Rule)]
        keys = {
            key: value for one in told[name] for key, value in one.kind.keys(one.written).items()
        }
        sources[name] = source.model_copy(update=keys) if keys else source
    kept = {name: rules for name, rules in told.items() if rules}
    return Ruled(shape.model_copy(update={"sources": sources}), kept, tuple(refused))


def _read(
    shape: Shape, pages: Pages, name: str, number: int, raw: Mapping[str, Any]
) -> Iterator[Rule | tuple[Path, Refusal]]:
    """One rule, or all that is wrong with it."""
    path: Path = ("sources", name, "quality", number)
    named = [key for key in raw if key in rule_names()]
    if len(named) != 1:
        yield path, _misnamed(raw, named)
        return
    kind = rule_named(named[0])
    try:
        written = kind.Written.model_validate(raw)
    except ValidationError as wrong:
        yield from ((path, one) for one in refusals(wrong, kind.Written, raw))
        return
    rule = Rule(named[0], kind, written, pages.place((*path, named[0])), path)
    problems = tuple(_misplaced(rule, shape, pages, name))
    yield from ((path, one) for one in problems)
    if not problems:
        yield rule


def _misnamed(raw: Mapping[str, Any], named: list[str]) -> Refusal:
    if named:
        message = f"{' and '.join(named)} are two rules in one"
        hint = f"write one below the other: - {{{named[0]}: …}}, - {{{named[1]}: …}}"
        return Refusal((named[1],), Problem("two_rules", message, hint), at_key=True)
    other = next((key for key in raw if key not in _SHARED), None)
    if other is None:
        problem = Problem("unknown_rule", "what is the rule?", did_you_mean("", rule_names()))
        return Refusal((), problem)
    hint = did_you_mean(other, rule_names())
    return Refusal((other,), Problem("unknown_rule", f"there is no rule {other!r}", hint), True)


def _misplaced(rule: Rule, shape: Shape, pages: Pages, name: str) -> Iterator[Refusal]:
    """Why a source cannot have a rule."""
    source = shape.sources[name]
    if rule.kind.DATED and source.happened is None:
        message = f"{rule.name}: {name} is a list without time"
        yield _at(rule.name, Problem("no_time", message, f"add time: to {name}"))
    for key in rule.kind.keys(rule.written):
        if getattr(source, key) is not None:
            message = f"{key} stands twice on {name}: as a key and as a rule"
            yield _at(rule.name, Problem("twice", message, "remove one of the two"))
    for path, other in rule.kind.others(rule.written):
        problem = _no_partner(other, shape.sources, _written(pages))
        # A source that is refused itself is there all the same.
        if problem and (other in shape.sources or other not in _written(pages)):
            yield Refusal(path, problem)


def _written(pages: Pages) -> Mapping[str, Any]:
    sources = pages.value.get("sources")
    return sources if isinstance(sources, Mapping) else {}


def _at(key: str, problem: Problem) -> Refusal:
    return Refusal((key,), problem, at_key=True)


def _no_partner(
    other: str, sources: Mapping[str, Source], written: Mapping[str, Any]
) -> Problem | None:
    """Why nothing can refer to a source."""
    if other not in sources:
        hint = did_you_mean(other, {*sources, *written})
        return Problem("unknown_source", f"there is no source {other!r}", hint)
    if sources[other].key is None:
        hint = f"add key: to {other}, the column that identifies its rows"
        return Problem("no_key", f"{other} has no key, so nothing can refer to it", hint)
    return None
