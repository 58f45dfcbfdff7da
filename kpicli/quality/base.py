"""What a rule of good data is: the names that every file on this shelf gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import narwhals as nw

from kpicli.errors import Level, Place, Problem
from kpicli.words.calendar import Calendar
from kpicli.words.expressions import Expression
from kpicli.words.types import ColumnType

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Wanted:
    """A column that a rule reads, or what it says of columns; path leads to it in the rule."""

    path: Path
    told: str | Expression
    want: ColumnType | None = None


@dataclass(frozen=True)
class Declared:
    """What the definitions say of the source that a rule is of.

    happened dates its rows, None for a list without time; currency names the currency of a row.
    """

    name: str
    happened: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Seen:
    """The rows as the engine offers them.

    types: of the columns. text gives a column as it is written. partner gives the column that is
    true where the value of a column is a key of another source. position counts the rows of all
    files in order.
    """

    source: Declared
    types: Mapping[str, ColumnType]
    zone: ZoneInfo
    text: Callable[[str], nw.Expr]
    partner: Callable[[str, str], nw.Expr]
    position: nw.Expr


@dataclass(frozen=True)
class Mark:
    """Rows that break a rule.

    breaks is true there; null and false hold. judged is true in the rows that are held against
    it, None is all: the share of those that break it may be `allow`. said finishes a sentence that
    begins with the source and ends with the number of rows. column is the one whose text is shown.
    """

    column: str
    said: str
    breaks: nw.Expr
    judged: nw.Expr | None = None
    level: Level = "error"
    allow: float = 0


@dataclass(frozen=True)
class Facts:
    """What a rule of a source as a whole is told from.

    days: rows by local day, ascending, days without rows left out, none later than today. since
    is the first day from which on the rows are complete.
    """

    source: Declared
    days: Sequence[tuple[date, int]]
    since: date | None
    calendar: Calendar


@dataclass(frozen=True)
class Finding:
    """What is wrong with a source as a whole, in a sentence."""

    said: str
    level: Level = "error"


class RuleKind(Protocol):
    """The names a rule's module gives; most are taken from here."""

    # The keys an author may write, as a pydantic model.
    Written: Any
    # Whether a report runs it, unless its author says otherwise: what costs no scan of its own.
    IN_REPORTS: bool
    # Whether each row is told by itself, so that files can be told one by one.
    BY_ROW: bool
    # Whether it looks at rows that the source's `unique:` leaves out, too.
    WITH_COPIES: bool
    # Whether it takes a source whose rows have a time.
    DATED: bool

    # The columns it reads.
    wanted: Callable[[Any, Declared], Iterable[Wanted]]
    # The other sources it names, each with its path.
    others: Callable[[Any], Iterable[tuple[Path, str]]]
    # The rows that break it.
    marks: Callable[[Any, Seen], Iterable[Mark]]
    # What is wrong with the source as a whole; None where that is not asked.
    judged: Callable[[Any, Facts], Iterable[Finding]] | None
    # The keys of the source that it is another spelling of.
    keys: Callable[[Any], Mapping[str, Any]]


def no_columns(written: Any, source: Declared) -> Iterator[Wanted]:
    """A rule that reads no column of its own."""
    yield from ()


def no_others(written: Any) -> Iterator[tuple[Path, str]]:
    """A rule of one source alone."""
    yield from ()


def no_marks(written: Any, seen: Seen) -> Iterator[Mark]:
    """A rule that no row breaks by itself."""
    yield from ()


def no_keys(written: Any) -> Mapping[str, Any]:
    """A rule that is no other spelling of anything."""
    return {}


@dataclass(frozen=True)
class Rule:
    """A rule of a source as its author wrote it; place is where."""

    name: str
    kind: RuleKind
    written: Any
    place: Place | None = None
    path: Path = ()

    @property
    def in_reports(self) -> bool:
        """Whether reports and checks run it, not kpi validate alone."""
        own = self.written.report
        return self.kind.IN_REPORTS if own is None else bool(own)

    def problem(self, source: str, message: str, hint: str | None, level: Level) -> Problem:
        """What a run found, told at the rule."""
        return Problem(
            f"quality_{self.name}", message, hint, self.place, level=level, source=source
        )
