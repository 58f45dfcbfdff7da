"""Why there is nothing to write definitions for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kpicli.discovery.drafts import Draft
from kpicli.discovery.folder import Unread
from kpicli.discovery.proposal import Proposal
from kpicli.discovery.settling import either
from kpicli.errors import Problem

_EXPORTS = "put the files there that your systems export: CSV, Parquet, NDJSON, XLSX"
_ORDER = "say --dates day-first or --dates month-first"


def nothing_found(folder: Path, unread: Sequence[Unread]) -> tuple[Problem, ...]:
    """What is wrong with each file of a folder, or that it has none."""
    none = Problem("no_exports", f"{folder} holds no export", _EXPORTS)
    return tuple(one.problem for one in unread) or (none,)


def nothing_used(
    proposal: Proposal, left_out: Sequence[Draft], unread: Sequence[Unread]
) -> tuple[Problem, ...]:
    """What keeps each table of a folder from being used."""
    waiting = (one for one in proposal.drafts if one.unsettled)
    return (
        *(Problem("two_readings", f"{_file(one)}: {either(one)}", _ORDER) for one in waiting),
        *(_closed(one) for one in left_out),
        *_rowless(proposal.used),
        *(one.problem for one in unread),
    )


def _closed(draft: Draft) -> Problem:
    hint = "mend the file or export it again"
    return Problem("unopened", f"{_file(draft)} cannot be opened: {draft.dropped[-1]}", hint)


def _rowless(drafts: Sequence[Draft]) -> Iterator[Problem]:
    for one in drafts:
        yield Problem("no_rows", f"{_file(one)} has no row below its header", "export it again")


def _file(draft: Draft) -> str:
    return draft.group.files[0].name
