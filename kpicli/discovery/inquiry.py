"""The whole way from a folder to what a definitions file would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kpicli.discovery.adapting import Offer, library_offer, own_offer, seen_where_unlisted
from kpicli.discovery.columns import Column, columns_of
from kpicli.discovery.currencies import currencies_of, has_money
from kpicli.discovery.drafts import Draft, draft_of
from kpicli.discovery.folder import Found, Group, Unread, find_files, written_path
from kpicli.discovery.placing import Placement, own_name, place, placements_of
from kpicli.discovery.proposal import Keys, Proposal
from kpicli.discovery.relations import Relation, find_relations, with_relations
from kpicli.discovery.trial import Lack, Trial, try_kpis, try_sources
from kpicli.discovery.vocabulary import roles
from kpicli.engine.looks import Look, look_at
from kpicli.errors import SourceError
from kpicli.results import SourceRecord
from kpicli.sources.numbers import NumberStyle
from kpicli.words.calendar import Grain

# A shorter history is shown by the week.
_DAYS_FOR_MONTHS = 120
_NO_POPULATION = "no source has the key"


@dataclass(frozen=True)
class Answers:
    """What somebody said beside the files; None where nobody did."""

    title: str | None = None
    timezone: str | None = None
    currency: str | None = None
    dates: str | None = None


@dataclass(frozen=True)
class Inquiry:
    """What was found in a folder, and what came of trying it.

    why says of a KPI what is said beside use: and why; settled of a setting whence it is.
    """

    found: Found
    proposal: Proposal
    records: Mapping[str, SourceRecord]
    relations: tuple[Relation, ...]
    lacks: Mapping[str, Lack]
    why: Mapping[str, str]
    settled: Mapping[str, str]
    unread: tuple[Unread, ...] = ()
    own: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class _Looked:
    group: Group
    look: Look
    columns: tuple[Column, ...]
    style: NumberStyle
    placements: tuple[Placement, ...]


def inquire(folder: Path, base: Path, shown: str, answers: Answers, today: date) -> Inquiry:
    """Look at all files, place them, try what can be told; base is the definitions' folder."""
    found = find_files(folder)
    looked, unread = _looked(found.groups)
    drafts = _drafts(looked, base)
    currency, of_currency = _currency(drafts, answers)
    proposal = Proposal(
        title=answers.title or _title(folder),
        timezone=answers.timezone or "UTC",
        currency=currency,
        folder=base,
        shown=shown,
        drafts=drafts,
    )
    relations = find_relations(drafts)
    drafts = tuple(with_relations(one, relations) for one in drafts)
    proposal, records = try_sources(replace(proposal, drafts=drafts))
    proposal = replace(proposal, grain=_grain(proposal.used))
    trial, why, own = _tried(proposal, today)
    return Inquiry(
        found=found,
        proposal=proposal.with_kpis(trial.kept),
        records=records,
        relations=relations,
        lacks=trial.lacks,
        why=why,
        settled={"currency": of_currency},
        unread=(*found.unread, *unread),
        own=own,
    )


def _looked(groups: Sequence[Group]) -> tuple[list[_Looked], list[Unread]]:
    looked: list[_Looked] = []
    unread: list[Unread] = []
    for group in groups:
        try:
            look = look_at(group.files, group.table.reading)
        except SourceError as wrong:
            unread.append(Unread(group.files[0], wrong.problems[0]))
            continue
        columns, style = columns_of(look)
        looked.append(_Looked(group, look, columns, style, placements_of(group.stem, columns)))
    return looked, unread


def _drafts(looked: Sequence[_Looked], base: Path) -> tuple[Draft, ...]:
    placed = place({str(number): one.placements for number, one in enumerate(looked)})
    taken = {one.role.name for one in placed.values() if one}
    drafts: list[Draft] = []
    for number, one in enumerate(looked):
        placement = placed[str(number)]
        name = placement.role.name if placement else own_name(one.group.stem, taken)
        taken.add(name)
        path = written_path(one.group.files, base)
        drafts.append(draft_of(name, one.group, one.look, one.columns, one.style, placement, path))
    # Those that the library speaks of first, in the vocabulary's order.
    order = {name: number for number, name in enumerate(roles())}
    return tuple(sorted(drafts, key=lambda one: order.get(one.name, len(order))))


def _currency(drafts: Sequence[Draft], answers: Answers) -> tuple[str, str]:
    """The project's currency, and whence it is known."""
    if answers.currency:
        return answers.currency, "as you said"
    counted: dict[str, int] = {}
    for draft in drafts:
        for code, rows in currencies_of(draft).items():
            counted[code] = counted.get(code, 0) + rows
    if counted:
        most = max(sorted(counted), key=lambda code: counted[code])
        others = [code for code in counted if code != most]
        return most, f"most amounts are in it, others in {', '.join(others)}" if others else (
            "the files say so"
        )
    money = any(has_money(draft) for draft in drafts)
    return "EUR", "a guess: no file says in which currency" if money else "no money was found"


def _grain(drafts: Sequence[Draft]) -> Grain:
    """By the month, unless the history is short."""
    spans = [one.span for one in drafts if one.span]
    longest = max(((last - first).days for first, last in spans), default=0)
    return "month" if longest >= _DAYS_FOR_MONTHS else "week"


def _tried(proposal: Proposal, today: date) -> tuple[Trial, dict[str, str], tuple[str, ...]]:
    """The library's KPIs, then those over people whom no file lists, then some of one's own."""
    offer = library_offer(proposal)
    trial = try_kpis(proposal, offer.kpis, today)
    why = dict(offer.why)
    unlisted = {name for name, lack in trial.lacks.items() if _NO_POPULATION in lack.reason}
    if unlisted:
        trial = try_kpis(proposal, seen_where_unlisted(offer.kpis, unlisted), today)
        told = "no file lists them: those seen in the rows are everyone"
        seen = [name for name, keys in trial.kept.items() if "population" in keys]
        why |= {name: "; ".join(filter(None, (why.get(name), told))) for name in seen}
    own = _own(proposal, trial)
    if own.kpis:
        both = try_kpis(proposal, {**trial.kept, **own.kpis}, today)
        trial = Trial(both.kept, trial.lacks)
    return trial, why, tuple(name for name in own.kpis if name in trial.kept)


def _own(proposal: Proposal, trial: Trial) -> Offer:
    """Some numbers of the files themselves, where none of the library's can be told."""
    kpis: dict[str, Keys] = {}
    for draft in proposal.used if not trial.kept else ():
        kpis |= own_offer(draft, set(kpis)).kpis
    return Offer(kpis, {})


def _title(folder: Path) -> str:
    return folder.resolve().name.replace("_", " ").replace("-", " ").strip().capitalize() or "KPIs"
