"""Annotations for GitHub's pull requests, and the page beside them."""

from dataclasses import replace

from kpicli.errors import Problem
from kpicli.render.markdown import render as render_markdown
from kpicli.render.options import Format, Options
from kpicli.render.safe import clean
from kpicli.reports.sentences import count_targets, note_verdict
from kpicli.reports.urgency import fails_check, worst_first
from kpicli.results import Outcome, Verdict

# GitHub shows ten annotations of a kind per step and drops the rest without a word.
MOST = 10


def render(outcome: Outcome, options: Options) -> str:
    """What stdout gets: the ten worst on the KPIs' own lines, then the line that adds up."""
    problems = [_annotate_problem(one) for one in outcome.problems if one.level == "error"]
    verdicts = [
        _annotate(verdict, outcome, options.strict) for verdict in worst_first(outcome.verdicts)
    ]
    lines = [*(problems + verdicts)[:MOST], clean(count_targets(outcome.summary))]
    return "".join(f"{line}\n" for line in lines)


def summarise(outcome: Outcome, options: Options) -> str:
    """What the file named by GITHUB_STEP_SUMMARY gets: every target that is not met."""
    return render_markdown(outcome, replace(options, view="check"))


def escape_message(text: str) -> str:
    """A message as the runner reads it: one line, its own signs as codes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A property: colons and commas end it, so they are codes too."""
    return escape_message(text).replace(":", "%3A").replace(",", "%2C")


def _annotate(verdict: Verdict, outcome: Outcome, strict: bool) -> str:
    note = note_verdict(verdict, outcome)
    level = "error" if fails_check(verdict, strict) else "warning"
    level = level if note.role != "unjudged" or level == "error" else "notice"
    message = "\n".join(clean(text) for text in (note.text, note.action) if text)
    return _write(level, verdict.file, verdict.line, message)


def _annotate_problem(problem: Problem) -> str:
    place = problem.place
    message = "\n".join(clean(text) for text in (problem.message, problem.hint) if text)
    return _write("error", place.file if place else None, place.line if place else None, message)


def _write(level: str, file: str | None, line: int | None, message: str) -> str:
    properties = {"file": clean(file) if file else None, "line": str(line) if line else None}
    written = ",".join(
        f"{name}={escape_property(text)}" for name, text in properties.items() if text
    )
    return f"::{level}{' ' if written else ''}{written}::{escape_message(message)}"


FORMAT = Format("github", (), render, views=("check",), summarise=summarise)
