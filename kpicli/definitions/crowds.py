"""Who could have: the source that lists the entities of a KPI, and how others call them."""

from collections.abc import Mapping
from dataclasses import replace

from kpicli.definitions.shape import Shape
from kpicli.errors import Problem
from kpicli.needs import Need, Population
from kpicli.words.expressions import Expression, Name

Needs = Mapping[str, Need]


def with_crowd(needs: Needs, shape: Shape) -> tuple[Needs, Problem | None]:
    """The needs with the source that lists the entities, or with the one they are seen in.

    A problem where no source has the key, the definition does not say `population: seen`, and
    something is a share of them.
    """
    nobody = None
    crowd = next((one for one in needs.values() if isinstance(one, Population)), None)
    if crowd is None:
        return needs, None
    listed = _listed(crowd, needs, shape)
    if crowd.needed and listed.seen and not crowd.seen:
        nobody = _no_population(crowd.asked[0].expression.text)
    return {
        name: replace(need, source=listed.source, seen=listed.seen)
        if isinstance(need, Population)
        else _named(need, listed, shape)
        for name, need in needs.items()
    }, nobody


def _listed(crowd: Population, needs: Needs, shape: Shape) -> Population:
    entity = crowd.asked[0].expression.text
    lists = [name for name, source in shape.sources.items() if source.key == entity]
    if lists and not crowd.seen:
        return replace(crowd, source=lists[0])
    seen_in = next(one for one in needs.values() if one.source)
    return replace(
        crowd, source=seen_in.source, seen=True, asked=(seen_in.asked[0], *crowd.asked[1:])
    )


def _no_population(entity: str) -> Problem:
    message = f"no source has the key {entity}, so nobody knows who could have"
    hint = f"add key: {entity} to the source that lists them, or population: seen here"
    return Problem("no_population", message, hint)


def _named(need: Need, crowd: Population, shape: Shape) -> Need:
    """A need whose entity stands in the column that refers_to names, where it names one."""
    source = shape.sources.get(need.source)
    if crowd.seen or source is None or not need.asked:
        return need
    column = source.refers_to.get(crowd.source)
    if column is None or need.asked[0] != crowd.asked[0]:
        return need
    own = replace(need.asked[0], expression=Expression(column, Name(column)))
    return replace(need, asked=(own, *need.asked[1:]))
