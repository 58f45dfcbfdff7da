"""What a file that holds today's state cannot say of the past."""

from kpicli.engine.answers import Desk
from kpicli.needs import Need
from kpicli.planning.plan import Step
from kpicli.words.vocabulary import is_changing


def knows_only_today(step: Step, desk: Desk) -> bool:
    """Whether a balance rests on a column that changes over a row's life.

    Such a column (stage, status, probability) says what is true now; of an earlier period's end
    it says nothing, unless the definition claims that it has always been so.
    """
    return any(
        need.shape == "span" and not need.as_if_constant and _changing(step, need, desk)
        for need in step.kpi.needs.values()
    )


def _changing(step: Step, need: Need, desk: Desk) -> bool:
    names = [name for told in need.expressions() for name in told.names]
    for split in step.by:
        for name in split:
            segment = desk.segments.get(name)
            told = (segment.of, segment.where) if segment else ()
            names += [one for each in told if each for one in each.names]
            names += [] if segment else [name]
    return any(is_changing(name) for name in names)
