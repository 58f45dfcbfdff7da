"""Rows made to fit the header, or counted as unread."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from kpicli.results import Spot
from kpicli.sources.delimited.encoding import DAMAGE
from kpicli.sources.delimited.footer import Record, Tail, footer_note
from kpicli.sources.delimited.layout import Layout

FIRST_UNREAD = 10


@dataclass
class Account:
    """What became of the rows of one file so far; rows counts all below the header."""

    file: str
    rows: int = 0
    unread: list[Spot] = field(default_factory=list)
    unread_count: int = 0
    repaired: Counter[str] = field(default_factory=Counter)
    footer_at: int | None = None
    footer: str | None = None

    def refuse(self, row: int, record: Record, why: str) -> None:
        """Count a row as unread; the first ones are kept."""
        self.unread_count += 1
        if len(self.unread) < FIRST_UNREAD:
            text = None if record is None else ", ".join(record)[:80]
            self.unread.append(Spot(self.file, row, None, text, why))

    def notes(self) -> tuple[str, ...]:
        """What was repaired, in sentences."""
        said = [f"{_rows(count)} {what}" for what, count in sorted(self.repaired.items())]
        if self.footer_at is not None:
            said.append(f"the table ends at the footer in row {self.footer_at}")
        elif self.footer:
            said.append(self.footer)
        return tuple(said)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


@dataclass(frozen=True)
class Fitted:
    """Rows as wide as the header, with their numbers."""

    numbers: Sequence[int]
    records: list[list[str]]


@dataclass(frozen=True)
class Fitting:
    """Makes records as wide as the header."""

    layout: Layout
    footer_from: str | None
    tail: Tail

    def fit(self, records: list[Record], account: Account) -> Fitted:
        """The rows that can be read; the others go to the account."""
        first = account.rows + 1
        account.rows += len(records)
        if self._all_fit(records):
            return Fitted(range(first, first + len(records)), cast(list[list[str]], records))
        return _fitted_of(self._each(records, first, account))

    def end(self, account: Account) -> Fitted:
        """What is left at the file's end; a footer is cut off, and said."""
        blank, footer = self.tail.end()
        if footer:
            account.footer = footer_note(footer)
        return _fitted_of(self._settled(blank, account))

    def _all_fit(self, records: list[Record]) -> bool:
        """Whether no record needs a look: the usual case."""
        if self.footer_from or self.layout.encoding.damaged or self.tail.held:
            return False
        widths = {len(record or ()) for record in records}
        return widths == {self.layout.width} and [""] * self.layout.width not in records

    def _each(
        self, records: list[Record], first: int, account: Account
    ) -> Iterator[tuple[int, list[str]]]:
        for row, record in enumerate(records, first):
            if account.footer_at is None and self._is_footer(record):
                account.footer_at = row
            if account.footer_at is not None:
                return
            yield from self._settled(self.tail.settled(row, record), account)

    def _settled(
        self, records: Iterable[tuple[int, Record]], account: Account
    ) -> Iterator[tuple[int, list[str]]]:
        for row, record in records:
            if record is None:
                account.refuse(row, record, "a quote or line break out of place")
            elif record and (fitted := self._fitted(row, record, account)):
                yield row, fitted

    def _is_footer(self, record: Record) -> bool:
        if not self.footer_from or not record:
            return False
        return record[0].strip().startswith(self.footer_from)

    def _fitted(self, row: int, record: list[str], account: Account) -> list[str] | None:
        width = self.layout.width
        why = self._misfit(record)
        if why:
            account.refuse(row, record, why)
            return None
        if not any(record):
            account.repaired["without any value left out"] += 1
            return None
        if len(record) > width:
            account.repaired["had extra empty fields at the end, dropped"] += 1
        return record[:width] + [""] * (width - len(record))

    def _misfit(self, record: list[str]) -> str | None:
        width = self.layout.width
        if self.layout.encoding.damaged and any(DAMAGE in field for field in record):
            return f"bytes that are not {self.layout.encoding.codec}"
        if len(record) < self.layout.least and any(record):
            return f"{_fields(len(record))}, the header has {width}"
        if any(field.strip() for field in record[width:]):
            return f"{_fields(len(record))}, the header has {width}"
        return None


def _fitted_of(rows: Iterable[tuple[int, list[str]]]) -> Fitted:
    kept = list(rows)
    return Fitted([row for row, _ in kept], [record for _, record in kept])


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"
