"""Why there is no number or no verdict, in plain words."""

from datetime import timedelta
from pathlib import PurePosixPath

from kpicli.errors import Problem
from kpicli.reports.periods import name_period, write_both
from kpicli.reports.wording import count_of
from kpicli.results import Card, Outcome, Result, SourceRecord, Verdict


def explain_reason(result: Result, card: Card, outcome: Outcome) -> str:
    """The reason of a result as the rest of a sentence that began with the KPI's name."""
    match result.reason:
        case "stale_source":
            return _explain_stale(result, card, outcome)
        case "missing_source":
            return _explain_missing(card, outcome)
        case "too_few":
            counted = count_of(result.n, card.counts)
            return f"only {counted} in {_when(result)}, too few to judge"
        case "other_grain":
            return f"judged per {card.stated}, not per {result.grain}" if card.stated else _OTHER
        case "current_state":
            return f"the file tells today's state, not that of {name_period(result)}"
        case reason:
            unripe = reason == "immature" and result.value is not None
            return f"{_UNRIPE if unripe else name_reason(reason)} in {_when(result)}"


def _when(result: Result) -> str:
    """The period of a value after "in"; a list as it is has none."""
    return name_period(result) if result.start else "the list"


def explain_verdict(verdict: Verdict, card: Card, outcome: Outcome) -> str:
    """Why a target was not judged."""
    if verdict.reason == "muted":
        return f"muted ({verdict.mute_reason})" if verdict.mute_reason else "muted"
    alike = [
        result
        for result in outcome.results
        if (result.kpi, result.part, dict(result.by)) == (verdict.kpi, None, dict(verdict.by))
        if result.reason == verdict.reason and result.reason is not None
    ]
    return explain_reason(alike[-1], card, outcome) if alike else name_reason(verdict.reason)


def name_reason(reason: str | None) -> str:
    """A reason in a few words, for several numbers at once."""
    return _REASONS.get(reason or "", "no value")


_OTHER = "judged in another grain"
_REASONS = {
    "no_rows": "no rows",
    "zero_denominator": "nothing to divide by",
    "immature": "everybody is still too young for the window",
    "not_reached": "too few have got there to tell",
    "not_converted": "no exchange rate",
    "running": "still running",
    "muted": "muted",
    "too_few": "too few to judge",
    "stale_source": "a source ends too early",
    "missing_source": "a source is missing",
    "current_state": "the file tells today's state only",
    "other_grain": _OTHER,
}


_UNRIPE = "most are still too young for the window"


def name_source(source: SourceRecord) -> str:
    """A source as the reader knows it: its file, or its name where there are several."""
    files = source.files
    return PurePosixPath(files[0].path).name if len(files) == 1 else source.name


def _explain_stale(result: Result, card: Card, outcome: Outcome) -> str:
    end = result.end
    silent = {one.source for one in outcome.problems if one.code == "stale_source"}
    ends = [
        (source.read_to, name_source(source))
        for source in outcome.meta.sources
        if source.name in card.sources and source.read_to is not None and end is not None
        if source.read_to + timedelta(days=source.quiet_days or 0) < end
        or (source.name in silent and source.read_to < end)
    ]
    if not ends or end is None:
        return f"a source does not reach the end of {name_period(result)}"
    read_to, name = min(ends)
    last, needed = write_both(read_to - timedelta(days=1), end - timedelta(days=1))
    return f"{name} ends {last}; needed to {needed}"


def why_missing(card: Card, outcome: Outcome) -> tuple[Problem, ...]:
    """The errors that leave a KPI without a number: its own, else those of what it reads.

    A problem that several KPIs share carries the name of the first of them only.
    """
    errors = [problem for problem in outcome.problems if problem.level == "error"]
    own = [problem for problem in errors if problem.kpi == card.name]
    return tuple(own or [problem for problem in errors if problem.source in card.sources])


def is_unread(problem: Problem) -> bool:
    """Whether a file as a whole could not be read, for every KPI that needs it."""
    return problem.source is not None and problem.code in _UNREAD


_UNREAD = {
    "missing_file",
    "missing_folder",
    "unreadable",
    "empty_file",
    "not_csv",
    "not_parquet",
    "truncated",
    "encoding",
}


def _explain_missing(card: Card, outcome: Outcome) -> str:
    broken = why_missing(card, outcome)
    if not broken:
        return "a source is missing"
    unread = dict.fromkeys(str(one.source) for one in broken if is_unread(one))
    files = [f"{' and '.join(unread)} could not be read"] if unread else []
    return "; ".join(dict.fromkeys([*files, *(p.message for p in broken if not is_unread(p))]))
