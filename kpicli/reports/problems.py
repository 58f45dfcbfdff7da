"""Problems of the run as notes: errors and doubts on top, other warnings below."""

from collections.abc import Mapping, Sequence

from kpicli.errors import Problem
from kpicli.reports.blocks import Note, Role
from kpicli.results import Outcome


def note_errors(
    outcome: Outcome, touched: Mapping[Problem, Sequence[str]] | None = None
) -> tuple[Note, ...]:
    """What stands on top: a note per error, then one per warning about the data themselves.

    touched: the titles of the KPIs that a problem leaves without a number.
    """
    errors = [one for one in outcome.problems if one.level == "error"]
    doubts = [one for one in outcome.problems if one.level == "warning" and _is_doubt(one)]
    return (
        *(_note(one, "problem", (touched or {}).get(one, ())) for one in errors),
        *(_note(one, "doubt") for one in doubts),
    )


def note_warnings(outcome: Outcome) -> tuple[Note, ...]:
    """What stands at the end: a note per warning about anything else."""
    warnings = [one for one in outcome.problems if one.level == "warning"]
    return tuple(_note(one, "warning") for one in warnings if not _is_doubt(one))


def _is_doubt(problem: Problem) -> bool:
    """Whether a rule of good data says it, so that numbers are read with care."""
    return problem.code == "freshness" or problem.code.startswith("quality_")


def _note(problem: Problem, role: Role, titles: Sequence[str] = ()) -> Note:
    return Note(write_problem(problem, titles), role, None, problem.hint)


def write_problem(problem: Problem, titles: Sequence[str] = ()) -> str:
    """A problem in one line: "kpi_definitions.yaml:12:5: there is no column plann"."""
    said = f"no number for {', '.join(titles)}: {problem.message}" if titles else problem.message
    return f"{problem.place}: {said}" if problem.place else said
