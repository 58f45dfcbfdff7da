"""The whole way from a folder to what a definitions file would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kpicli.discovery.adapting import Offer, library_offer, own_offer
from kpicli.discovery.answers import Answers, Ask, Question, ask_nobody
from kpicli.discovery.cents import with_cents
from kpicli.discovery.columns import Column, columns_of
from kpicli.discovery.currencies import (
    count_currencies,
    has_money,
    with_currency,
    with_rates,
)
from kpicli.discovery.drafts import Draft, draft_of, known_draft, without_later_time
from kpicli.discovery.emptiness import nothing_found, nothing_used
from kpicli.discovery.folder import Found, Group, Unread, find_files, written_path
from kpicli.discovery.months import usual_grain, with_silence
from kpicli.discovery.placing import (
    Placement,
    is_sure,
    known_placements,
    own_name,
    place,
    placements_of,
)
from kpicli.discovery.proposal import Keys, Proposal
from kpicli.discovery.relations import Relation, find_relations, with_relations
from kpicli.discovery.scores import with_score
from kpicli.discovery.settling import settle_dates
from kpicli.discovery.totals import without_totals
from kpicli.discovery.trial import Lack, Trial, try_kpis, try_sources
from kpicli.discovery.vocabulary import roles
from kpicli.engine.looks import Look, look_at
from kpicli.errors import SourceError
from kpicli.sources.declaration import Source
from kpicli.sources.numbers import NumberStyle
from kpicli.sources.presets import recognised

_USUAL = "EUR"
_UTC = "UTC"
_OF_ZONE = "a guess: --timezone says where days begin"
_ZONE = Question("In which time zone do days begin?", usual=_UTC, kind="zone")
_CURRENCY = Question(
    "No file says in which currency its amounts are. Which is it?", usual=_USUAL, kind="currency"
)


@dataclass(frozen=True)
class Inquiry:
    """What was found in a folder, and what came of trying it.

    why says of a KPI what is said beside use: and why; settled of a setting whence it is.
    """

    found: Found
    proposal: Proposal
    relations: tuple[Relation, ...]
    lacks: Mapping[str, Lack]
    why: Mapping[str, str]
    settled: Mapping[str, str]
    unread: tuple[Unread, ...] = ()
    left_out: tuple[Draft, ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Looked:
    group: Group
    look: Look
    columns: tuple[Column, ...]
    style: NumberStyle
    placements: tuple[Placement, ...]


def inquire(
    folder: Path, base: Path, shown: str, answers: Answers, ask: Ask, today: date
) -> Inquiry:
    """Look at all files, place them, try what can be told; base is the definitions' folder.

    SourceError where no file can be read, or none used as it is.
    """
    found = find_files(folder)
    looked, unread = _looked(found.groups)
    if not looked:
        raise SourceError(nothing_found(folder, (*found.unread, *unread)))
    drafts = tuple(settle_dates(one, answers.dates, ask) for one in _drafts(looked, base, ask))
    currency, of_currency = _currency(drafts, answers, ask)
    timezone = answers.timezone or ask(_ZONE) or _UTC
    of_timezone = _OF_ZONE if timezone == _UTC and not answers.timezone else "as you said"
    relations = find_relations(drafts)
    drafts = tuple(with_cents(one, drafts) for one in drafts)
    drafts = tuple(without_later_time(one, drafts) for one in drafts)
    drafts = tuple(with_silence(one) for one in drafts)
    drafts = tuple(with_currency(one, currency) for one in drafts)
    drafts = tuple(with_rates(with_relations(one, relations), drafts) for one in drafts)
    proposal, left_out = try_sources(
        Proposal(_title(folder), timezone, currency, base, shown, drafts)
    )
    if not any(one.look.rows for one in proposal.used):
        raise SourceError(nothing_used(proposal, left_out, (*found.unread, *unread)))
    proposal = replace(proposal, grain=usual_grain(proposal.used))
    trial, why = _tried(proposal, today)
    return Inquiry(
        found=found,
        proposal=proposal.with_kpis(trial.kept),
        relations=relations,
        lacks=trial.lacks,
        why=why,
        settled={"currency": of_currency, "timezone": of_timezone},
        left_out=left_out,
        late=trial.late,
        unread=(*found.unread, *unread),
    )


def _looked(groups: Sequence[Group]) -> tuple[list[_Looked], list[Unread]]:
    looked: list[_Looked] = []
    unread: list[Unread] = []
    for group in groups:
        try:
            looked.append(_looked_at(group))
        except SourceError as wrong:
            unread.append(Unread(group.files[0], wrong.problems[0]))
    return looked, unread


def _looked_at(group: Group) -> _Looked:
    """The table as the preset that knows it reads it, else as it is; SourceError."""
    for fit in recognised(group.table.names)[:1]:
        written = Source.model_validate({"path": group.stem, "preset": fit.preset.name})
        told = written.reading("UTC")
        reading = replace(told, skip_lines=told.skip_lines or group.table.reading.skip_lines)
        try:
            group, look = _above_totals(group, look_at(group.files, reading))
        except SourceError:
            continue
        fits = recognised([one.header for one in look.columns]) or (fit,)
        columns, style = columns_of(look)
        placements = (*known_placements(fits), *placements_of(group.stem, columns))
        return _Looked(group, look, columns, style, placements)
    group, look = _above_totals(group, look_at(group.files, group.table.reading))
    columns, style = columns_of(look)
    return _Looked(group, look, columns, style, placements_of(group.stem, columns))


def _above_totals(group: Group, look: Look) -> tuple[Group, Look]:
    """The table without the rows of totals under it, which is said of it."""
    above, footer = without_totals(look, lambda reading: look_at(group.files, reading))
    if footer is None:
        return group, look
    table = group.table
    told = f"the rows from {footer!r} on are left out: totals of those above"
    reason = ", ".join(filter(None, (table.reason, told)))
    reading = replace(table.reading, footer_from=footer)
    return replace(group, table=replace(table, reading=reading, reason=reason)), above


def _drafts(looked: Sequence[_Looked], base: Path, ask: Ask) -> tuple[Draft, ...]:
    placed = place({str(number): one.placements for number, one in enumerate(looked)})
    refused: set[int] = set()
    for number, one in enumerate(looked):
        before, placed[str(number)] = placed[str(number)], _confirmed(one, placed[str(number)], ask)
        refused |= {number} if before and not placed[str(number)] else set()
    taken = {one.role.name for one in placed.values() if one}
    drafts: list[Draft] = []
    for number, one in enumerate(looked):
        placement = placed[str(number)]
        second = None if placement or number in refused else _second(one)
        stem = second.fit.preset.name if second and second.fit else one.group.stem
        name = placement.role.name if placement else own_name(stem, taken)
        taken.add(name)
        drafts.append(_draft(one, name, placement or second, base))
    # Those that the library speaks of first, in the vocabulary's order.
    order = {name: number for number, name in enumerate(roles())}
    return tuple(sorted(drafts, key=lambda one: order.get(one.name, len(order))))


def _second(one: _Looked) -> Placement | None:
    """What a table is by a preset, though another one plays that part already."""
    return next((placement for placement in one.placements if placement.fit), None)


def _draft(one: _Looked, name: str, placement: Placement | None, base: Path) -> Draft:
    path = written_path(one.group.files, base)
    fit = placement.fit if placement else None
    if placement is None or fit is None:
        return draft_of(name, one.group, one.look, one.columns, one.style, placement, path)
    role = placement.role.name
    guess = next((has for has in one.placements if not has.fit and has.role.name == role), None)
    draft = draft_of(name, one.group, one.look, one.columns, one.style, guess, path)
    known = with_score(replace(known_draft(draft, fit, path), placement=placement))
    if name == role:
        return known
    told = f"recognised as {fit.preset.title}; KPIs are told of {role}: here say source: {name}"
    return replace(known, guesses=(*known.guesses, told))


def _confirmed(one: _Looked, placed: Placement | None, ask: Ask) -> Placement | None:
    """What somebody says a table is, where it may be something else."""
    if placed is None or is_sure(placed, one.placements):
        return placed
    file, told = one.group.files[0].name, "; ".join(placed.reasons)
    words = (placed.role.name, "something else")
    said = ask(Question(f"{file}: is it {placed.role.name} ({told})?", words, placed.role.name))
    return replace(placed, sure=ask is not ask_nobody) if said == placed.role.name else None


def _currency(drafts: Sequence[Draft], answers: Answers, ask: Ask) -> tuple[str, str]:
    """The project's currency, and whence it is known."""
    if answers.currency:
        return answers.currency, "as you said"
    if counted := count_currencies(drafts):
        most = max(sorted(counted), key=lambda code: counted[code])
        others = [code for code in counted if code != most]
        told = f"most amounts are in it, others in {', '.join(others)}"
        return most, told if others else "the files say so"
    if not any(has_money(draft) for draft in drafts):
        return _USUAL, "no file has amounts"
    said = ask(_CURRENCY)
    guess = "a guess: no file says which; --currency says it"
    return (said, "as you said") if said and said != _USUAL else (_USUAL, guess)


def _tried(proposal: Proposal, today: date) -> tuple[Trial, dict[str, str]]:
    """The library's KPIs, else some of the files' own; and what is said of them beside use:."""
    offer = library_offer(proposal)
    trial = try_kpis(proposal, offer.kpis, today)
    told = "no file lists them: those seen in the rows are everyone"
    why = dict(offer.why)
    why |= {name: "; ".join(filter(None, (why.get(name), told))) for name in trial.of_seen}
    own = _own(proposal, trial)
    if own.kpis:
        both = try_kpis(proposal, {**trial.kept, **own.kpis}, today)
        trial = Trial(both.kept, trial.lacks, both.late)
    return trial, why


def _own(proposal: Proposal, trial: Trial) -> Offer:
    """Some numbers of the files themselves, where none of the library's can be told."""
    kpis: dict[str, Keys] = {}
    for draft in proposal.used if not trial.kept else ():
        kpis |= own_offer(draft, set(kpis)).kpis
    return Offer(kpis, {})


def _title(folder: Path) -> str:
    return folder.resolve().name.replace("_", " ").replace("-", " ").strip().capitalize() or "KPIs"
