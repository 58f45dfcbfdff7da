"""What a look at a folder found, in lines of text."""

from collections.abc import Iterator

from kpicli.discovery.inquiry import Inquiry


def summary_lines(told: Inquiry, definitions: str) -> Iterator[str]:
    """Found, guessed, could not be placed, and what comes next."""
    for draft in told.proposal.drafts:
        yield f"{draft.name}: {draft.keys['path']} {draft.look.rows}"
    yield f"{definitions}: {len(told.proposal.kpis)} KPIs"
