"""Rules of good data held against the rows of their sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import narwhals as nw
import polars as pl

from kpicli.definitions.book import Book
from kpicli.engine.breaches import Breach, breach_problem
from kpicli.engine.cache import Cache
from kpicli.engine.keys import key_text
from kpicli.engine.opened import FILE, ROW, Opened, Piece, as_text
from kpicli.engine.reading_date import days_of
from kpicli.engine.rulecolumns import columns_of, declared, disagreements
from kpicli.engine.tallies import DAY
from kpicli.errors import Problem
from kpicli.quality.base import Facts, Mark, Rule, Seen
from kpicli.words.agreement import NUMERIC
from kpicli.words.calendar import day_number, day_of
from kpicli.words.dates import day_from
from kpicli.words.types import MONEY_SCALE

_KEY = "key of partner"
# More rows than a file has.
_FILE_SIZE = 2**40


@dataclass(frozen=True)
class Held:
    """What rules are held against: the source, and the others that rules of it name.

    with_copies is the source with the rows that its `unique:` leaves out.
    """

    opened: Opened
    rules: tuple[Rule, ...]
    tables: Mapping[str, Opened] = field(default_factory=dict)
    with_copies: Opened | None = None


@dataclass(frozen=True)
class Judgement:
    """What broke: the problems, and the rows that broke a rule."""

    problems: tuple[Problem, ...] = ()
    breaches: tuple[Breach, ...] = ()


@dataclass
class _Partners:
    """The columns that say whether a value is a key elsewhere, as rules ask for them."""

    asked: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, column: str, table: str) -> nw.Expr:
        """The column of a value and a source."""
        name = self.asked.setdefault((column, table), f"{column} is in {table}")
        return nw.col(name)


def judge(book: Book, held: Held, today: date, cache: Cache) -> Judgement:
    """All rules of a source, told together; today is the clock's local day."""
    opened = held.opened
    told = declared(opened.name, opened.source)
    known = [one for one in held.rules if set(columns_of(one, told)) <= set(opened.types)]
    problems: list[Problem] = []
    sound: list[Rule] = []
    for rule in known:
        wrong = tuple(disagreements(book, rule, told, opened.types))
        problems += wrong
        sound += [] if wrong else [rule]
    marked = [mark for rule in sound for mark in _marked(book, rule, held)]
    breaches = [one for one in _counted(marked, cache) if one.broken > one.mark.allow * one.judged]
    problems += _of_source(book, opened, sound, today, cache)
    problems += [breach_problem(one) for one in breaches]
    return Judgement(tuple(problems), tuple(breaches))


def _marked(book: Book, rule: Rule, held: Held) -> Iterator[Breach]:
    """What may break a rule, each with the rows that have all of its columns."""
    own = held.with_copies if rule.kind.WITH_COPIES else None
    opened, partners = own or held.opened, _Partners()
    seen = Seen(
        declared(opened.name, opened.source),
        opened.types,
        book.calendar.zone,
        lambda column: _text(opened, column),
        partners.of,
        nw.col(FILE).cast(nw.Int64) * _FILE_SIZE + nw.col(ROW).cast(nw.Int64),
    )
    marks = tuple(rule.kind.marks(rule.written, seen))
    if all(table in held.tables for _, table in partners.asked):
        frame = _beside(opened, partners, held.tables)
        yield from (Breach(rule, mark, opened, frame) for mark in marks)


def _beside(opened: Opened, partners: _Partners, tables: Mapping[str, Opened]) -> pl.LazyFrame:
    """The rows with what is asked of partners."""
    frame = opened.frame
    for (column, table), name in partners.asked.items():
        other = tables[table]
        key = other.source.key or ""
        keys = other.frame.select(key_text(key, other.types[key]).alias(_KEY)).drop_nulls().unique()
        found = keys.with_columns(pl.lit(value=True).alias(name))
        told = frame.with_columns(key_text(column, opened.types[column]).alias(_KEY))
        joined = told.join(found, on=_KEY, how="left").drop(_KEY)
        frame = joined.with_columns(pl.col(name).fill_null(value=False))
    return frame


def _text(opened: Opened, column: str) -> nw.Expr:
    """The cells as they are written, where they stand beside; else the values as texts."""
    if column in opened.named:
        return nw.col(as_text(column))
    money = opened.types[column] == "money"
    value = nw.col(column) / MONEY_SCALE if money else nw.col(column)
    text = value.cast(nw.String)
    return text.str.replace(r"\.0$", "") if opened.types[column] in NUMERIC else text


def _counted(marked: Sequence[Breach], cache: Cache) -> list[Breach]:
    """How many rows break each mark, in their order; of large files one by one, told once."""
    pieced = [one for one in marked if _is_pieced(one)]
    whole = [one for one in marked if not _is_pieced(one)]
    order = {id(one.mark): at for at, one in enumerate(marked)}
    told = [*_of_pieces(pieced, cache), *_of_frames(whole)]
    return sorted(told, key=lambda one: order[id(one.mark)])


def _is_pieced(one: Breach) -> bool:
    return bool(one.opened.pieces) and one.rule.kind.BY_ROW


def _of_frames(marked: Sequence[Breach]) -> list[Breach]:
    """One pass for all that is told of the same rows."""
    groups: dict[int, list[Breach]] = {}
    for one in marked:
        groups.setdefault(id(one.frame), []).append(one)
    sums = [_sums([one.mark for one in group], group[0].frame) for group in groups.values()]
    found = pl.collect_all(sums, engine="streaming")
    told = zip(groups.values(), found, strict=True)
    return [one for group, row in told for one in _with_counts(group, [row.row(0)])]


def _of_pieces(marked: Sequence[Breach], cache: Cache) -> list[Breach]:
    if not marked:
        return []
    rows = [_of_piece(marked, piece, cache) for piece in marked[0].opened.pieces]
    return list(_with_counts(marked, rows))


def _of_piece(marked: Sequence[Breach], piece: Piece, cache: Cache) -> tuple[int, ...]:
    names = [name for one in marked for name in columns_of(one.rule, one.declared)]
    read = {name: piece.read[name] for name in names}
    rules = [f"{one.rule.written!r}, {one.mark.said}" for one in marked]
    sums = _sums([one.mark for one in marked], piece.opened.frame)
    key = f"rows that break {rules}: {read}; {piece.files}"
    return cache.table(key, lambda: sums.collect(engine="streaming")).row(0)


def _sums(marks: Sequence[Mark], frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row: for each mark how many rows break it, then for each how many are judged."""
    broken = {f"broken {at}": mark.breaks.sum() for at, mark in enumerate(marks)}
    judged = {
        f"judged {at}": nw.len() if mark.judged is None else mark.judged.sum()
        for at, mark in enumerate(marks)
    }
    told = nw.from_native(frame).select(**broken, **judged).to_native()
    if not isinstance(told, pl.LazyFrame):
        raise TypeError("the engine computes on Polars")
    return told


def _with_counts(marked: Sequence[Breach], rows: Sequence[tuple[int, ...]]) -> Iterator[Breach]:
    sums = [sum(counts) for counts in zip(*rows, strict=True)]
    for at, one in enumerate(marked):
        yield replace(one, broken=sums[at], judged=sums[at + len(marked)])


def _of_source(
    book: Book, opened: Opened, rules: Sequence[Rule], today: date, cache: Cache
) -> Iterator[Problem]:
    """What is wrong with the source as a whole."""
    asking = [one for one in rules if one.kind.judged]
    if not asking:
        return
    facts = _facts(book, opened, today, cache)
    for rule in asking:
        for finding in rule.kind.judged(rule.written, facts) if rule.kind.judged else ():
            message = f"{opened.name}: {finding.said}"
            yield rule.problem(opened.name, message, "is the export whole?", finding.level)


def _facts(book: Book, opened: Opened, today: date, cache: Cache) -> Facts:
    column, starts = opened.source.happened, opened.source.history_starts
    counts = days_of(opened, [column] if column else [], book.calendar, cache)
    rows = [row for frame in counts for row in frame.drop_nulls(DAY).sort(DAY).iter_rows()]
    days = [(day_of(day), count) for day, count in rows if day <= day_number(today)]
    since = day_from(starts) if starts else None
    return Facts(declared(opened.name, opened.source), days, since, book.calendar)
