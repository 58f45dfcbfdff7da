"""What a ready definition reads of a source that is not there."""

from dataclasses import replace

from kpicli.definitions.book import Kpi
from kpicli.errors import Problem


def ready_made(problem: Problem, kpi: Kpi, source: str) -> Problem:
    """The problem with the columns that the source would have; any other stays as it is."""
    if kpi.library is None:
        return problem
    needs = [need for need in kpi.needs.values() if need.source == source]
    told = (name for need in needs for one in need.expressions() for name in one.names)
    dates = (name for need in needs for name in (need.time, need.start, need.end) if name)
    columns = ", ".join(dict.fromkeys(name for name in (*told, *dates) if "." not in name))
    reads = f"the library's {kpi.library} reads {columns or 'its rows'} of {source}"
    hint = f"{reads}: add it to sources:, or say source: on the KPI if yours has another name"
    return replace(problem, hint=hint)
