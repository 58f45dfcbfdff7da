"""Problems of the run as notes: errors on top, warnings below."""

from kpicli.errors import Level, Problem
from kpicli.reports.blocks import Note, Role
from kpicli.results import Outcome


def note_problems(outcome: Outcome, level: Level) -> tuple[Note, ...]:
    """A note per problem of this level, with its place in front and its hint behind."""
    role: Role = "problem" if level == "error" else "warning"
    return tuple(
        Note(write_problem(problem), role, None, problem.hint)
        for problem in outcome.problems
        if problem.level == level
    )


def write_problem(problem: Problem) -> str:
    """A problem in one line: "kpi_definitions.yaml:12:5: there is no column plann"."""
    return f"{problem.place}: {problem.message}" if problem.place else problem.message
