"""Library KPIs as the data at hand can carry them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpicli.discovery.drafts import Draft
from kpicli.discovery.placing import score_range
from kpicli.discovery.proposal import Keys, Proposal
from kpicli.library import library_definitions
from kpicli.words.vocabulary import word_type

# A file that no library KPI can carry gets so many of its own.
_MOST_OF_A_FILE = 8
_FIRST = ("churn", "convert", "won", "active", "paid", "retention", "success", "cancel")


@dataclass(frozen=True)
class Offer:
    """KPIs to try, and why some of them say more than use:."""

    kpis: Mapping[str, Keys]
    why: Mapping[str, str]


def library_offer(proposal: Proposal) -> Offer:
    """Every library KPI, with what the data asks to be said beside it."""
    drafts = {draft.name: draft for draft in proposal.used}
    kpis: dict[str, Keys] = {}
    why: dict[str, str] = {}
    for name, ready in library_definitions().items():
        told, reason = _adapted(name, ready, drafts)
        kpis[name] = {"use": name, **told}
        if reason:
            why[name] = reason
    return Offer(kpis, why)


def _adapted(
    name: str, ready: Mapping[str, Any], drafts: Mapping[str, Draft]
) -> tuple[Keys, str | None]:
    source = drafts.get(str(ready.get("source")))
    if ready["kind"] == "recurring" and source and source.interval:
        amount = source.headers["amount"]
        return {"interval": source.interval}, f"{amount} is a {source.interval}'s worth"
    if ready.get("source") == "answers" and source and source.column("survey") is None:
        return _of_one_survey(name, source)
    if "events" not in drafts and "invoices" in drafts and _is_of_any_event(ready):
        return {"source": "invoices"}, "there are no events: told of invoices"
    return {}, None


def _of_one_survey(name: str, answers: Draft) -> tuple[Keys, str | None]:
    """A file of one survey does not name it: its scores tell which one it is."""
    score = answers.column("score")
    span = score_range(score) if score else None
    if span is None:
        return {}, None
    survey = "nps" if span[1] > 5 else "csat"
    if name != survey:
        return {}, None
    reason = f"scores from {span[0]:g} to {span[1]:g}, and no column names the survey"
    return {"where": "score is not null"}, reason


def _is_of_any_event(ready: Mapping[str, Any]) -> bool:
    """Whether a KPI asks nothing of events but whose they are and when."""
    asked = {"where", "did", "active", "count_if", "of", "distinct", "by", "from", "to"}
    of_accounts = ready.get("entity") == "account_id"
    return ready.get("source") == "events" and of_accounts and not asked & set(ready)


def own_offer(draft: Draft, taken: set[str]) -> Offer:
    """A few numbers of a file that no library KPI is told from: its rows, money, yes and no."""
    kpis: dict[str, Keys] = {}
    for name, keys in _of_file(draft):
        own = name if name not in taken else f"{draft.name}_{name}"
        kpis.setdefault(own, {"group": _title(draft.name), "source": draft.name, **keys})
        if len(kpis) == _MOST_OF_A_FILE:
            break
    return Offer(kpis, {})


def _of_file(draft: Draft) -> Iterator[tuple[str, Keys]]:
    yield f"{draft.name}_rows", {"title": f"{_title(draft.name)}, rows", "kind": "count"}
    types = {draft.ours(one): _known(draft, draft.ours(one)) for one in draft.columns}
    yes_no = [name for name, kind in types.items() if kind == "yes_no"]
    for name in sorted(yes_no, key=lambda one: not any(word in one for word in _FIRST)):
        title = f"{_title(name)}, share of {draft.name}"
        yield f"{name}_share", {"title": title, "kind": "share", "count_if": name}
    for name, kind in types.items():
        if kind == "money":
            yield name, {"title": _title(name), "kind": "sum", "of": name}
            yield (
                f"average_{name}",
                {"title": f"{_title(name)}, mean", "kind": "average", "of": name},
            )


def _known(draft: Draft, name: str) -> str | None:
    declared: Mapping[str, str] = draft.told.get("types", {})
    return declared.get(name) or word_type(name)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
