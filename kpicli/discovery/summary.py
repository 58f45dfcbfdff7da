"""What a look at a folder found, in lines of text."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from kpicli.discovery.drafts import Draft
from kpicli.discovery.headline import chosen
from kpicli.discovery.inquiry import Inquiry
from kpicli.discovery.page import missing_sources
from kpicli.discovery.settling import either
from kpicli.discovery.sourcepage import told_lost, told_rows
from kpicli.discovery.writing import listed, one_line

WIDTH = 79
_NAMES = 24


def summary_lines(told: Inquiry, folder: Path, definitions: str) -> Iterator[str]:
    """Found, guessed, could not be placed, and what comes next; 79 columns wide."""
    files = sum(len(one.look.files) for one in told.proposal.drafts) + len(told.unread)
    yield f"{one_line(str(folder))}: {_count(files, 'file')}"
    yield from _found(told, folder)
    yield from _guessed(told)
    yield from _not_placed(told)
    yield from _late(told)
    yield from _written(told, definitions)
    yield from _next(told, definitions)


def _found(told: Inquiry, folder: Path) -> Iterator[str]:
    if told.proposal.drafts:
        yield ""
        yield "Found"
    for draft in told.proposal.drafts:
        files = draft.look.files
        path = files[0].relative_to(folder).as_posix() if len(files) == 1 else f"{len(files)} files"
        yield from _entry(draft.name, f"{path}, {told_rows(draft)}")
        yield from _entry("", _taken(draft))


def _taken(draft: Draft) -> str:
    placement = draft.placement
    if placement is None:
        key = draft.told.get("key")
        return f"a table of its own{f', key {key}' if key else ''}"
    if draft.preset:
        return f"{draft.preset.title} (preset {draft.preset.name})"
    sure = "sure" if placement.sure else "a guess"
    return f"{sure}: {'; '.join(placement.reasons)}"


def _guessed(told: Inquiry) -> Iterator[str]:
    yield ""
    yield "Guessed"
    currency = f"{told.proposal.currency}, {told.settled['currency']}"
    yield from _entry("currency", currency)
    yield from _entry("time zone", f"{told.proposal.timezone}, {told.settled['timezone']}")
    for draft in told.proposal.drafts:
        if draft.group.table.reason:
            yield from _entry(draft.name, draft.group.table.reason)
        renamed = [
            f"{ours} is {header}" for ours, header in draft.headers.items() if not draft.preset
        ]
        if renamed:
            yield from _entry(draft.name, ", ".join(renamed))
        for reason in (*draft.guesses, *draft.dropped):
            yield from _entry(draft.name, reason)
        own = [one for one in told.relations if one.source == draft.name]
        if own:
            ways = ", ".join(f"{one.column} → {one.table}" for one in own)
            lost = "".join(f"; {told_lost(one)}" for one in own if one.lost)
            yield from _entry(draft.name, f"{ways}{lost}")


def _not_placed(told: Inquiry) -> Iterator[str]:
    waiting = [one for one in told.proposal.drafts if one.unsettled]
    if not told.unread and not waiting and not told.left_out:
        return
    yield ""
    yield "Could not be placed"
    for draft in waiting:
        hint = "--dates day-first or --dates month-first says it"
        yield from _entry(draft.name, f"{either(draft)} {hint}")
    for draft in told.left_out:
        file = draft.group.files[0].name
        yield from _entry(file, f"cannot be opened: {_without(draft.dropped[-1], file)}")
    for one in told.unread:
        hint = f": {one.problem.hint}" if one.problem.hint else ""
        yield from _entry(one.file.name, f"{_without(one.problem.message, one.file.name)}{hint}")


def _late(told: Inquiry) -> Iterator[str]:
    """Files that end before others: their newest periods stay empty."""
    if told.late:
        yield ""
        yield "Too old"
    for message in told.late:
        yield from _entry(message.split()[0], " ".join(message.split()[1:]))


def _written(told: Inquiry, definitions: str) -> Iterator[str]:
    kpis, sources = told.proposal.kpis, told.proposal.used
    yield ""
    yield f"{definitions}: {_count(len(sources), 'source')}, {_count(len(kpis), 'KPI')}"
    near = {name: lack.columns for name, lack in told.lacks.items() if lack.near}
    for name, columns in list(near.items())[:3]:
        yield from _entry(name, f"needs {', '.join(columns)}")
    if len(near) > 3:
        yield from _entry("", f"and {len(near) - 3} more that nearly fit: see the file")
    if not kpis and told.proposal.drafts:
        yield from _wrapped("No KPI of the library can be told from these files.", 2)
    missing = missing_sources(told)
    if kpis and missing:
        yield from _entry("with more files", listed(list(missing), 8))


def _next(told: Inquiry, definitions: str) -> Iterator[str]:
    option = "" if definitions == "kpi_definitions.yaml" else f" -f {definitions}"
    yield ""
    yield "Next"
    if not told.proposal.kpis:
        yield "  kpi list --library        the KPIs there are, and what they read"
        return
    first = chosen(told.proposal)[0]
    commands = {
        f"kpi report{option}": "the first report",
        f"kpi report all{option}": "everything",
        f"kpi explain {first}{option}": "how a number comes about",
        f"kpi validate{option}": "what is not right yet",
    }
    width = max(len(one) for one in commands)
    for command, meaning in commands.items():
        yield f"  {command:<{width}}  {meaning}"


def _entry(name: str, text: str) -> Iterator[str]:
    """A name and what there is to say of it, in two columns."""
    name = one_line(name)
    lines = wrap(one_line(text), WIDTH - _NAMES, break_on_hyphens=False) or [""]
    if len(name) > _NAMES - 3:
        yield f"  {name}"
        name = ""
    yield f"  {name:<{_NAMES - 2}}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"{' ' * _NAMES}{line}"


def _wrapped(text: str, indent: int) -> Iterator[str]:
    yield from (f"{' ' * indent}{line}" for line in wrap(text, WIDTH - indent))


def _without(message: str, name: str) -> str:
    return message.removeprefix(f"{name} ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
