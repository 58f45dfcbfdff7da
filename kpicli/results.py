"""The three tables that everything speaks: contributions, membership and results.

Contributions (lazy), one row per thing that counts in a period:
    period       Int32, position in the calendar
    entity       who counts; only in kinds over entities
    numerator    Int64 or Float64
    denominator  Int64 or Float64; null means "not a ratio"
    part         text; null is the headline; only in kinds with several numbers
    observed     0 while a duration is still running
    left_out     null where the row counts, else why not
    row          struct (file, row), only in kinds over rows

Membership, entity or row to group, many-to-many; the total is one of the groups. In kinds over
rows it is read off the row itself, so it stands beside the contribution.

Results are the records below: what `--format json` prints, what every renderer reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kpicli.errors import Problem

Status = Literal["green", "yellow", "red", "no_data"]
Reason = Literal[
    "no_rows",
    "zero_denominator",
    "immature",
    "too_few",
    "not_reached",
    "current_state",
    "stale_source",
    "missing_source",
    "not_converted",
    "other_grain",
    "running",
    "muted",
]
LeftOut = Literal["excluded", "ineligible", "immature", "unknown", "unparsable", "not_converted"]
Edge = float | Mapping[str, float]
SCHEMA = "kpi-results/1"


@dataclass(frozen=True)
class Comparison:
    """A value beside an earlier one; change in the unit of the value."""

    value: float | None
    change: float | None
    change_ratio: float | None
    p: float | None = None


@dataclass(frozen=True)
class Result:
    """One number: a KPI, a part, a period, a segment.

    by is {} for the total. value is never rounded; null comes with a reason. numerator and
    denominator are in the unit of the value (money in whole currency, not cents). n counts
    contributions. low and high are a 95 % interval. target and yellow are the ones in force
    for this period and segment: a number, or {"from": …, "to": …} for a band. unit is None where
    it is the KPI's.
    """

    kpi: str
    grain: str
    label: str | None
    start: date | None
    end: date | None
    complete: bool = True
    part: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    age: int | None = None
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None
    compare: Mapping[str, Comparison] = field(default_factory=dict)
    target: Edge | None = None
    yellow: Edge | None = None
    status: Status | None = None
    reason: Reason | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    unit: str | None = None


@dataclass(frozen=True)
class Card:
    """What a KPI is, beside its numbers: a record of kpis[].

    counts says what n counts ("rows", "users"). definition is one sentence with the rules in
    force. fingerprint is of the resolved definition. sources names what the value is read from,
    through formulas too, so that a report can say which of them ends too early. caveats are
    claims of the definition that every output repeats. labels are what tables print for the values
    of a segment: {"size": {"small": "small, 0–49"}}, and under "" for parts. stated is the grain in
    which the KPI's targets are stated, where it has one of its own. age_in is what a grid counts
    ages in, where that is not the grain. parts: what it is told from stands below it.
    left_out says why something does not count, where the kind has words of its own. joins are the
    references that the value is looked up by: source, column, table.
    """

    name: str
    title: str
    group: str | None
    kind: str
    unit: str
    counts: str
    grain: str
    better: str
    definition: str
    window: str | None = None
    owner: tuple[str, ...] = ()
    if_red: str | None = None
    if_green: str | None = None
    formula: str | None = None
    file: str | None = None
    line: int | None = None
    fingerprint: str = ""
    description: str | None = None
    decides: str | None = None
    benchmark: str | None = None
    review: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stated: str | None = None
    age_in: str | None = None
    parts: bool = False
    left_out: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class FileRecord:
    """A file as it was read: path from the definitions' folder, bytes, time of last change."""

    path: str
    size: int
    modified: str


@dataclass(frozen=True)
class Spot:
    """A cell or row that was not read as written; row counts data rows from 1."""

    file: str
    row: int | None
    column: str | None
    text: str | None
    why: str


@dataclass(frozen=True)
class Unmatched:
    """Rows of a source whose id of another is nobody's of a list.

    column is ours; table names the list, None where nothing lists the ids: rows without one are
    counted then. ids: how many different ones these rows have; of: the rows in use.
    """

    column: str
    table: str | None
    rows: int
    ids: int
    of: int


@dataclass(frozen=True)
class Joined:
    """Rows of a source that have a partner in a table, by the column that holds its keys.

    Of all rows in use so many joined; in so many the column is empty; the rest name a key that the
    table has not.
    """

    column: str
    table: str
    rows: int
    joined: int
    empty: int

    @property
    def lost(self) -> int:
        """Rows whose key the table has not."""
        return self.rows - self.joined - self.empty


@dataclass(frozen=True)
class SourceRecord:
    """What was read of a source; first, last and read_to are None for a list without time.

    rows counts rows in use. not_read counts rows (undated, duplicate, conflict, unread, later)
    and cells (unparsable) by why; spots are the first three of them. notes are choices that the
    program made and the reader should know ("dates read as DD-MM-YY"). excluded counts rows by
    the reason of the exclusion. unmatched: of the columns that tell whose a row is.
    joined: of the references that the KPIs follow.
    """

    name: str
    files: tuple[FileRecord, ...] = ()
    rows: int = 0
    first: date | None = None
    last: date | None = None
    read_to: date | None = None
    quiet_days: int | None = None
    not_read: Mapping[str, int] = field(default_factory=dict)
    spots: tuple[Spot, ...] = ()
    notes: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    unmatched: tuple[Unmatched, ...] = ()
    joined: tuple[Joined, ...] = ()


@dataclass(frozen=True)
class Meta:
    """Where the numbers come from. as_of is exclusive: data up to the day before it.

    own_title says that the title is the report's, which then need not be named beside it. only
    says which part of the rows was asked for: "plan = pro".
    """

    version: str
    title: str
    report: str | None
    as_of: date | None
    timezone: str
    definitions_file: str
    definitions_fingerprint: str
    sources: tuple[SourceRecord, ...] = ()
    compare: tuple[str, ...] = ("previous",)
    grain: str | None = None
    periods: int | None = None
    own_title: bool = False
    only: str | None = None


@dataclass(frozen=True)
class Verdict:
    """One target, judged at the newest complete period of its KPI and segment.

    short is how far the value misses the target, in its unit, always ≥ 0; None where not judged.
    gate False: shown, never an exit code. fails says whether "not judged" is a failure.
    """

    kpi: str
    by: Mapping[str, str]
    result: Result
    status: Status | None
    reason: Reason | None
    short: float | None
    owner: tuple[str, ...]
    if_red: str | None
    gate: bool = True
    fails: bool = False
    file: str | None = None
    line: int | None = None
    mute_reason: str | None = None


@dataclass(frozen=True)
class Voices:
    """Texts of the people behind a number that misses its target, the newest first, as written."""

    kpi: str
    by: Mapping[str, str]
    label: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """Counts of targets by their verdict; they add up to targets."""

    targets: int = 0
    green: int = 0
    yellow: int = 0
    red: int = 0
    no_data: int = 0
    muted: int = 0


@dataclass(frozen=True)
class Outcome:
    """A whole run: what `--format json` prints, and the verdicts behind its summary."""

    meta: Meta
    kpis: tuple[Card, ...]
    results: tuple[Result, ...]
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    summary: Summary = field(default_factory=Summary)
    voices: tuple[Voices, ...] = ()
