"""What `kpi check` says: a sentence per target that is not met, and the line that adds up."""

from kpicli.reports.blocks import Blocks, Heading, Tally
from kpicli.reports.problems import note_errors, note_warnings
from kpicli.reports.sentences import count_targets, note_verdict, write_read_to, write_title
from kpicli.reports.urgency import worst_first
from kpicli.results import Outcome


def check_blocks(outcome: Outcome) -> Blocks:
    """Problems, the targets not met with the worst first, and how many were met."""
    return (
        Heading(write_title(outcome.meta), read_to=write_read_to(outcome)),
        *note_errors(outcome),
        *(note_verdict(verdict, outcome, below=True) for verdict in worst_first(outcome.verdicts)),
        *note_warnings(outcome),
        Tally(count_targets(outcome.summary), outcome.summary),
    )
