"""What people wrote who stand behind a number that misses its target."""

from collections.abc import Iterable, Iterator

from kpicli.engine.focus import Focus
from kpicli.engine.portion import quotes_of
from kpicli.engine.run import Computed
from kpicli.needs import COMMENT
from kpicli.planning.plan import Plan
from kpicli.results import Result, Voices

MOST = 3


def voices_of(plan: Plan, computed: Computed, missed: Iterable[Result]) -> tuple[Voices, ...]:
    """The newest texts behind each number of which somebody wrote any."""
    room = computed.room
    if room is None:
        return ()
    found = (
        Voices(result.kpi, result.by, result.label, quotes_of(focus, MOST))
        for result in missed
        for focus in _focus(plan, computed, result)
    )
    return tuple(one for one in found if one.texts)


def _focus(plan: Plan, computed: Computed, result: Result) -> Iterator[Focus]:
    """The number, where its definition asks for what people wrote."""
    step = next(one for one in plan.shown if one.kpi.name == result.kpi)
    values = computed.values.get(step.key)
    wrote = any(one.name == COMMENT for need in step.kpi.needs.values() for one in need.asked)
    if computed.room is None or values is None or not wrote:
        return
    shown = (*values.spine.earlier, *values.spine.shown)
    period = next((one for one in shown if one.label == result.label), None)
    by = tuple(result.by.items())
    yield Focus(computed.room, plan, step, computed.values, period, None, by)
