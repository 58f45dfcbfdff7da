"""Problems of the run as notes: errors on top, warnings below."""

from collections.abc import Mapping, Sequence

from kpicli.errors import Level, Problem
from kpicli.reports.blocks import Note, Role
from kpicli.results import Outcome


def note_problems(
    outcome: Outcome, level: Level, touched: Mapping[Problem, Sequence[str]] | None = None
) -> tuple[Note, ...]:
    """A note per problem of this level, with its place in front and its hint behind.

    touched: the titles of the KPIs that a problem leaves without a number.
    """
    role: Role = "problem" if level == "error" else "warning"
    return tuple(
        Note(write_problem(problem, (touched or {}).get(problem, ())), role, None, problem.hint)
        for problem in outcome.problems
        if problem.level == level
    )


def write_problem(problem: Problem, titles: Sequence[str] = ()) -> str:
    """A problem in one line: "kpi_definitions.yaml:12:5: there is no column plann"."""
    said = f"no number for {', '.join(titles)}: {problem.message}" if titles else problem.message
    return f"{problem.place}: {said}" if problem.place else said
