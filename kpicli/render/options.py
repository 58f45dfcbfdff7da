"""How a report is to be written, and what a format is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kpicli.reports.blocks import Blocks
from kpicli.reports.check import check_blocks
from kpicli.reports.report import report_blocks
from kpicli.results import Outcome

View = Literal["report", "check"]


@dataclass(frozen=True)
class Options:
    """What a reader may ask for.

    width is in columns of a terminal, None without a limit. plain_signs is for a stream that
    cannot show the others. wide has the periods as columns; parts shows each KPI's further
    numbers; strict takes a near target as missed.
    """

    view: View = "report"
    width: int | None = 79
    colour: bool = False
    plain_signs: bool = False
    wide: bool = False
    parts: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Format:
    """A way to write an outcome: --format's word, the file endings, the function.

    summarise, where there is one, gives a second text for a page beside the log.
    """

    name: str
    endings: tuple[str, ...]
    render: Callable[[Outcome, Options], str]
    views: tuple[View, ...] = ("report", "check")
    summarise: Callable[[Outcome, Options], str] | None = None


def blocks_of(outcome: Outcome, options: Options) -> Blocks:
    """The blocks of the view that was asked for."""
    if options.view == "check":
        return check_blocks(outcome)
    return report_blocks(outcome, options.wide, options.parts)
