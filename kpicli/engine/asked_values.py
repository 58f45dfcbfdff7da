"""Whether the segment values that the command line asks for are there."""

from collections.abc import Mapping

from kpicli.engine.answers import Desk
from kpicli.errors import RequestError, did_you_mean
from kpicli.frames.membership import NONE
from kpicli.planning.plan import Step


def check_values(desk: Desk, steps: tuple[Step, ...], only: Mapping[str, str]) -> None:
    """RequestError, with the nearest, for a value that no row of any KPI has.

    A name of a cut or of a condition that no row reaches is an answer: nothing is there.
    """
    sources = dict.fromkeys(source for step in steps for source in step.kpi.sources)
    for name, value in only.items():
        known = dict.fromkeys(_declared(desk, name))
        for source in sources:
            if value not in known:
                known |= dict.fromkeys(desk.segment_values(source, name))
        if sources and value not in known:
            message = f"--for: no row has {name} = {value!r}"
            raise RequestError(message, did_you_mean(value, known), "unknown_value")


def _declared(desk: Desk, name: str) -> tuple[str, ...]:
    segment = desk.segments.get(name)
    if segment is None:
        return ()
    if segment.cut:
        return (*segment.cut, NONE)
    return (name, "other", NONE) if segment.where or segment.did else ()
