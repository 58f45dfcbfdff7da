"""What entities did, gathered from small tables that KPIs share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold, Split
from kpicli.engine.cache import Cache
from kpicli.engine.groupnames import folded_group
from kpicli.engine.opened import Opened, Piece
from kpicli.engine.pairs import pair_of
from kpicli.engine.reducing import DAY, LEFT_OUT, Depth, Done, Wanted, merge, reduce_piece
from kpicli.frames.membership import by_column
from kpicli.kinds.base import Answer
from kpicli.needs import Moments
from kpicli.words.expressions import Expression


@dataclass(frozen=True)
class Gathering:
    """How needs over entities are answered: from which rows, and from which day on.

    only, also and fold as Desk.answer takes them. Of what was done before since the answer of a
    need tells what its history asks for, or more.
    """

    desk: Desk
    since: int
    only: Mapping[str, str] = field(default_factory=dict)
    also: Expression | None = None
    fold: Fold = field(default_factory=dict)

    def answer(self, need: Done, splits: Sequence[Split]) -> Answer:
        """The answer as kpicli.needs tells, not yet cut at the reading date.

        With splits each pair of an entity and the values that its rows show is an entity.
        """
        told = self.desk.answer(need, splits, self.only, self.also, {})
        wanted = Wanted(need, "all", True, self.only, self.also, tuple(splits))
        frame = self._gathered(wanted)
        if need.reasons:
            others = self._gathered(replace(wanted, counting=False))
            reason = pl.lit(None, dtype=pl.String).alias(LEFT_OUT)
            frame = pl.concat([frame.with_columns(reason), others.select(*frame.columns, LEFT_OUT)])
        return replace(told, frame=nw.from_native(frame.lazy()))

    def _gathered(self, wanted: Wanted) -> pl.DataFrame:
        """The tables of all pieces in one."""
        source = self.desk.opened[wanted.need.source]
        depths = [(piece, self.depth(wanted.need, piece)) for piece in _pieces(source)]
        places = [self._place(one, replace(wanted, depth=depth)) for one, depth in depths if depth]
        first = [one for one in places if one.wanted.depth == "first"]
        whole = _each(Reduced.table, [one for one in places if one.wanted.depth == "all"])
        if first:
            whole.append(self._first_of(first))
        if not whole:
            return self._nothing(source, wanted)
        return _paired(_together(whole, wanted), wanted, self.fold)

    def _first_of(self, places: Sequence["Reduced"]) -> pl.DataFrame:
        """The first times of several pieces in one table, kept where those of each are."""
        kept = all(one.cache is self.desk.cache for one in places)
        cache, wanted = self.desk.cache if kept else self.desk.held, places[0].wanted

        def make() -> pl.DataFrame:
            ends = range(len(places) - 1, 1, -1)
            known = next((end for end in ends if cache.knows(_joint(places[:end]))), 0)
            before = [self._first_of(places[:known])] if known else []
            return merge(pl.concat([*before, *_each(self._first_times, places[known:])]), wanted)

        return cache.table(_joint(places), make)

    def _first_times(self, place: "Reduced") -> pl.DataFrame:
        """The first times of a piece, from all that was done where that is known."""
        whole = self._place(place.piece, replace(place.wanted, depth="all"))
        if not place.is_known and whole.is_known:
            return merge(whole.table(), place.wanted)
        return place.table()

    def named(self, need: Done, piece: Piece) -> str | None:
        """What tells the rows of a piece that a need asks of from others; None where it cannot."""
        place = self._place(piece, Wanted(need, "all", True, self.only, self.also))
        return place.key if place.cache is self.desk.cache else None

    def depth(self, need: Done, piece: Piece) -> Depth | None:
        """What of a piece is asked for; None where it is nothing."""
        source = self.desk.opened[need.source]
        if need.history == "all" or piece.reaches(need.time or source.source.happened, self.since):
            return "all"
        if need.history == "first":
            # A value of the first row says nothing of the others.
            return "first" if len(need.asked) == 1 else "all"
        return None

    def missing(self, need: Done) -> Iterator["Reduced"]:
        """The tables of pieces that the need asks for and nobody has made yet."""
        source = self.desk.opened[need.source]
        for piece in source.pieces:
            if depth := self.depth(need, piece):
                one = self._place(piece, Wanted(need, depth, True, self.only, self.also))
                whole = self._place(piece, replace(one.wanted, depth="all"))
                if not (one.is_known or whole.is_known):
                    yield one

    def _place(self, piece: Piece, wanted: Wanted) -> "Reduced":
        """Where the table of a piece is, or would be."""
        source = wanted.need.source
        desk = replace(self.desk, opened={**self.desk.opened, source: piece.opened})
        names = sorted(set(wanted.columns(piece.opened)))
        known = all(name in piece.read for name in names)
        if piece.marks is None or not known or wanted.need.whole:
            # Another table has a say, or the place among the files: it holds for this run.
            key = f"{source} {piece.files} {wanted.text()}"
            return Reduced(desk, piece, wanted, self.desk.held, key)
        read = [(name, piece.read[name]) for name in names]
        key = (
            f"{wanted.text()}: {read} {self.desk.calendar.zone_name}; {piece.files}; {piece.marks}"
        )
        return Reduced(desk, piece, wanted, self.desk.cache, key)

    def _nothing(self, source: Opened, wanted: Wanted) -> pl.DataFrame:
        desk = replace(
            self.desk,
            opened={**self.desk.opened, source.name: replace(source, frame=source.frame.head(0))},
        )
        return _paired(reduce_piece(desk, wanted).collect(), wanted, {})


@dataclass(frozen=True)
class Reduced:
    """The table of a piece: what of the rows that the desk has, in which cache by which key."""

    desk: Desk
    piece: Piece
    wanted: Wanted
    cache: Cache
    key: str

    @property
    def is_known(self) -> bool:
        """Whether it has been made."""
        return self.cache.knows(self.key)

    def table(self) -> pl.DataFrame:
        """The table, made where nobody has made it before."""
        return self.cache.table(
            self.key, lambda: reduce_piece(self.desk, self.wanted).collect(engine="streaming")
        )

    def put(self, table: pl.DataFrame) -> None:
        """Put the table, made elsewhere, where it is looked for."""
        self.cache.table(self.key, lambda: table)


def _each(make: Callable[[Reduced], pl.DataFrame], places: Sequence[Reduced]) -> list[pl.DataFrame]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(make, places))


def _joint(places: Sequence[Reduced]) -> str:
    return f"together: {[one.key for one in places]}"


def _pieces(source: Opened) -> tuple[Piece, ...]:
    """A small source is one piece, known to nobody after the run."""
    return source.pieces or (Piece(source, "", {}, None),)


def _together(tables: Sequence[pl.DataFrame], wanted: Wanted) -> pl.DataFrame:
    """The tables below each other; an entity's day that stands in two of them becomes one."""
    every = pl.concat(tables)
    if len(tables) == 1 or isinstance(wanted.need, Moments):
        return every
    days = pl.concat([table.select(pl.col(DAY).unique()) for table in tables])
    shared = days.filter(days.is_duplicated()).unique()
    if shared.height == 0:
        return every
    apart = every.join(shared, on=DAY, how="anti")
    return pl.concat([apart, merge(every.join(shared, on=DAY, how="semi"), wanted)])


def _paired(table: pl.DataFrame, wanted: Wanted, fold: Fold) -> pl.DataFrame:
    """The entity and its values of the splits as one; values that are not kept become one."""
    if not wanted.splits:
        return table
    kept = {place: fold[split] for place, split in enumerate(wanted.splits, 1) if split in fold}
    folded = nw.from_native(table).with_columns(
        folded_group(nw.col(by_column(place)), wanted.splits[place - 1], names)
        for place, names in kept.items()
    ) if kept else nw.from_native(table)  # fmt: skip
    paired = folded.with_columns(pair_of(wanted.splits)).drop(wanted.groups).to_native()
    return merge(paired, replace(wanted, splits=())) if kept else paired
