"""What people wrote, as a report may print it: short, on one line, without addresses."""

import re

from kpicli.results import Outcome, Verdict

LONGEST = 280
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
# Telephone, customer and contract numbers, but no dates.
_NUMBER = re.compile(r"(?!\d{4}-\d\d-\d\d\b)\+?\b\d(?:[ /-]?\d){6,}")


def quotes_behind(verdict: Verdict, outcome: Outcome) -> tuple[str, ...]:
    """The newest texts behind a number that misses its target; none where nobody wrote any."""
    for voices in outcome.voices:
        if (voices.kpi, voices.by, voices.label) == (
            verdict.kpi,
            verdict.result.by,
            verdict.result.label,
        ):
            return tuple(write_quote(text) for text in voices.texts)
    return ()


def write_quote(text: str) -> str:
    """A text in quotation marks, cut between two words; addresses and long numbers are masked."""
    masked = _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
    line = _SPACE.sub(" ", masked).strip()
    if len(line) > LONGEST:
        line = line[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;.:") + "…"
    return f"“{line}”"
