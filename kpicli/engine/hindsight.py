"""What a file that holds today's state cannot say of the past."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from kpicli.engine.answers import Desk
from kpicli.frames.membership import TOTAL
from kpicli.needs import STATUS, Holdings, Need
from kpicli.planning.plan import Step
from kpicli.words.expressions import Expression
from kpicli.words.vocabulary import is_changing


def knows_only_today(step: Step, desk: Desk) -> frozenset[int]:
    """The splits of a balance, 0 the total, that rest on a column that changes over a row's life.

    Such a column (stage, status, probability) says what is true now; of an earlier period's end
    it says nothing, unless the definition claims that it has always been so. How many deals there
    were is known even where nobody knows in which stage.
    """
    needs = [_conditions(one) for one in step.kpi.needs.values() if one.shape == "span"]
    if all(need.as_if_constant for need in needs):
        return frozenset()
    splits = range(TOTAL, len(step.by) + 1)
    past = {name for name, one in desk.opened.items() if one.source.valid_from}
    if any(_changing(need, past) for need in needs):
        return frozenset(splits)
    dated = frozenset(need.source for need in needs if need.states_of)
    return frozenset(
        split for split in splits if split and _divides(step.by[split - 1], desk, dated, past)
    )


def _conditions(need: Need) -> Need:
    """A holding's status tells of its whole life, by the rule of the kind; its where does not."""
    if not isinstance(need, Holdings):
        return need
    return replace(need, asked=tuple(one for one in need.asked if one.name != STATUS))


def _changing(need: Need, past: Collection[str]) -> bool:
    dated = frozenset({need.source} if need.states_of else ())
    return any(_names_changing(told, dated, past) for told in need.expressions())


def _divides(
    split: Sequence[str], desk: Desk, dated: Collection[str], past: Collection[str]
) -> bool:
    for name in split:
        segment = desk.segments.get(name)
        if segment is None and _changes(name, dated, past):
            return True
        told = (segment.of, segment.where) if segment else ()
        if any(_names_changing(each, dated, past) for each in told if each):
            return True
    return False


def _names_changing(told: Expression, dated: Collection[str], past: Collection[str]) -> bool:
    return any(_changes(name, dated, past) for name in told.names)


def _changes(name: str, dated: Collection[str], past: Collection[str]) -> bool:
    """Whether a column says what is true today; a history, one of dated, says it of its time.

    So does one of past, a table whose rows say from when to when they are true.
    """
    table, dot, _ = name.partition(".")
    own = not dot or table in dated
    return is_changing(name) and not (dated and own) and not (dot and table in past)
