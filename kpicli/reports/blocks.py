"""The five shapes a page is built of, and the facts about a KPI: what every renderer reads.

Texts are as they came from the definitions and the data: a renderer escapes all of them.
"""

from dataclasses import dataclass
from typing import Literal

from kpicli.results import Edge, Status, Summary

Tone = Literal["plain", "strong", "grey", "green", "yellow", "red"]
Align = Literal["left", "right"]
Role = Literal[
    "problem",  # something is wrong with the files or the definitions: stands on top
    "doubt",  # a warning about the data behind the numbers: stands on top
    "missing",  # KPIs without a number because of it: stands on top
    "miss",
    "near",
    "unjudged",
    "coverage",
    "warning",
    "foot",
]


@dataclass(frozen=True)
class Heading:
    """A title, and beside it what period it speaks of and how far the data goes."""

    text: str
    period: str = ""
    read_to: str = ""


@dataclass(frozen=True)
class Mark:
    """A note of the author at one point of a trend."""

    position: int
    text: str


@dataclass(frozen=True)
class Figure:
    """A trend, oldest point first; value None is a gap.

    texts are the values as printed; targets the edges in force at each point, goal the newest of
    them as printed. unit is for what stands beside the drawing.
    """

    title: str
    unit: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    targets: tuple[Edge | None, ...]
    goal: str = ""
    marks: tuple[Mark, ...] = ()
    status: Status | None = None


@dataclass(frozen=True)
class Cell:
    """A text with its tone; note stands behind it in grey; figure is a trend to draw instead."""

    text: str
    tone: Tone = "plain"
    note: str = ""
    figure: Figure | None = None


@dataclass(frozen=True)
class Column:
    """A column's title; optional ones give way first where there is no room."""

    title: str
    align: Align = "right"
    optional: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; head names a group and has only its first cell filled.

    depth indents the first cell; anchor is the KPI whose details the row leads to.
    """

    cells: tuple[Cell, ...]
    status: Status | None = None
    depth: int = 0
    head: bool = False
    anchor: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows under columns; the first column is the name and takes the room that is left.

    Optional columns that do not fit are called by `spare`; the first of them give way first, the
    last ones where last_give_way is set.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spare: str = "older periods"
    last_give_way: bool = False


@dataclass(frozen=True)
class GridCell:
    """A number of a grid; heat is its strength, 0 to 1, None where there is nothing to shade.

    partial: some of the cohort are too young for it, and are not in the number.
    """

    text: str
    heat: float | None = None
    partial: bool = False


@dataclass(frozen=True)
class GridRow:
    """A cohort with how many it holds, and a cell per column; strong is the row that sums up."""

    name: str
    size: str
    cells: tuple[GridCell, ...]
    strong: bool = False


@dataclass(frozen=True)
class Grid:
    """Cohorts by age, shaded; what says of what the columns and the numbers are."""

    title: str
    what: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    legend: str


@dataclass(frozen=True)
class Note:
    """A sentence, why it stands there, in a second line what to do, and what people wrote."""

    text: str
    role: Role
    status: Status | None = None
    action: str | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How many targets were met, in a sentence and in numbers."""

    text: str
    summary: Summary


@dataclass(frozen=True)
class Detail:
    """What a KPI is: terms and texts, and its trend drawn large."""

    anchor: str
    title: str
    facts: tuple[tuple[str, str], ...]
    figure: Figure | None = None
    status: Status | None = None


Block = Heading | Table | Grid | Note | Tally | Detail
Blocks = tuple[Block, ...]
