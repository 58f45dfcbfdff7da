"""Which question of a survey holds the score, where its export names no column so."""

from dataclasses import replace

from kpicli.discovery.columns import Column
from kpicli.discovery.drafts import Draft
from kpicli.discovery.placing import asks_likelihood, score_range
from kpicli.discovery.writing import flow, listed

_HIGHEST = 10
_MOST = 3


def with_score(draft: Draft) -> Draft:
    """The answers with their score, or with the line that somebody has to write for it."""
    preset = draft.preset
    if preset is None or preset.role != "answers" or "score" in draft.headers:
        return draft
    asked = next((one for one in draft.columns if asks_likelihood(one)), None)
    if asked is None:
        return replace(draft, guesses=(*draft.guesses, _asked_for(draft)))
    columns = {**draft.keys.get("columns", {}), "score": asked.header}
    reason = "a guess by its question, numbers from 0 to 10"
    return replace(
        draft,
        keys={**draft.keys, "columns": columns},
        headers={**draft.headers, "score": asked.header},
        why={**draft.why, "score": reason},
        guesses=(*draft.guesses, f"score is {asked.header!r}: {reason}"),
    )


def _asked_for(draft: Draft) -> str:
    """What to write, and for which columns it may be."""
    numbers = [one.header for one in draft.columns if _is_score(draft, one)]
    line = f"columns: {flow({'score': numbers[0] if numbers else 'HEADER'})}"
    others = f"; it may be {listed(numbers, _MOST)}" if len(numbers) > 1 else ""
    return f"no column is known to hold the score: write {line}{others}"


def _is_score(draft: Draft, column: Column) -> bool:
    span = score_range(column) if column.kind == "number" else None
    known = column.header in draft.headers.values()
    return not known and span is not None and span[0] >= 0 and span[1] <= _HIGHEST
