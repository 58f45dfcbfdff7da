"""Periods of which everything is known, whose sums are kept from one run to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO

import narwhals as nw
import polars as pl

from kpicli.engine.answers import Desk, Fold
from kpicli.engine.gathering import Gathering
from kpicli.engine.opened import FILE, ROW, Piece
from kpicli.engine.splits import split_by_rows
from kpicli.frames.days import Days
from kpicli.frames.lazy import Lazy
from kpicli.needs import Activity, Population
from kpicli.planning.plan import Step

# A day after all others.
_NEVER = 2**30
_TABLE = "table"


@dataclass(frozen=True)
class Settled:
    """The sums of a step by period, as far as its days are over; fold as Desk.answer takes it.

    A period is known by all that has a say in it: the definition, the files with a row before its
    end and how they are read, and everyone on the list with their groups.
    """

    step: Step
    desk: Desk
    calendar: Days
    fold: Fold
    found: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

    def keys(self) -> dict[int, str]:
        """The keys of the periods that are over; none where something else has a say."""
        everyone = self._everyone()
        if everyone is None:
            return {}
        kpi = self.step.kpi
        what = f"settled {kpi.kind} {kpi.fingerprint} {self.step.grain} {self.step.by}"
        what += f" {dict(self.fold)} {self._segments} {everyone} {self.desk.calendar.zone_name}"
        spans: pl.DataFrame = self.calendar.spans.to_native().collect()
        told: dict[int, str] = {}
        since = first_days(self.calendar)
        for span in spans.filter(pl.col("end_day") <= pl.col("read_day")).iter_rows(named=True):
            files = list(self._files(since[span["period"]], span["end_day"]))
            days = [span[name] for name in ("first_day", "end_day", "window_first", "known_day")]
            if None not in files:
                told[span["period"]] = f"{what} {days} {files}"
        return told

    def _everyone(self) -> str | None:
        """What tells everyone with their groups from any other list; None where that may change.

        Nothing but the days of what was done may be asked, of entities that have one group each.
        """
        kpi, known = self.step.kpi, self.desk.routes.has_column
        done = [need for need in kpi.needs.values() if not isinstance(need, Population)]
        final = all(isinstance(need, Activity) and need.final for need in done)
        large = all(self.desk.opened[need.source].pieces for need in done)
        shown = any(split_by_rows(kpi, one, self.desk.segments, known) for one in self.step.by)
        crowd = kpi.crowd
        if not (final and large) or shown or crowd is None or crowd.seen:
            return None
        answer = self.desk.answer(crowd, self.step.by, {}, None, self.fold, self.calendar)
        if "period" in answer.frame.collect_schema().names():
            return None
        key = f"everyone {crowd} {self.step.by} {dict(self.fold)}"
        rows: pl.LazyFrame = answer.frame.drop(FILE, ROW).to_native()
        return str(self.desk.held.table(key, lambda: _printed(rows)).item())

    @property
    def _segments(self) -> list[object]:
        known = self.desk.segments
        return [known[name] for split in self.step.by for name in split if name in known]

    def _files(self, since: int, end: int) -> Iterator[str | None]:
        """What of each file is asked for the days before an end; None where none can say."""
        gathering = Gathering(self.desk, since)
        for name, need in self.step.kpi.needs.items():
            if not isinstance(need, Activity):
                continue
            source = self.desk.opened[need.source]
            column = need.time or source.source.happened or ""
            if not source.pieces:
                yield None
            for piece in source.pieces:
                span = piece.days.get(column, (0, 0))
                depth = gathering.depth(need, piece)
                if depth and span is not None and span[0] < end:
                    yield self._file(name, need, piece, depth)

    def _file(self, name: str, need: Activity, piece: Piece, depth: str) -> str | None:
        place = (name, piece.files, depth)
        if place not in self.found:
            self.found[place] = Gathering(self.desk, 0).named(need, piece)
        told = self.found[place]
        return told and f"{depth} {told}"


def first_days(calendar: Days) -> dict[int, int]:
    """The first day that each period looks at: of itself, its window, or the window before."""
    tables = (calendar.days, calendar.window, calendar.before)
    days = nw.concat([table.select("period", "day") for table in tables], how="vertical")
    found = days.group_by("period").agg(nw.col("day").min()).collect()
    return dict(found.select("period", "day").iter_rows())


def without_periods(calendar: Days, periods: Sequence[int]) -> Days:
    """The tables without some periods; what came after them stays."""
    spans = calendar.spans.select("period").collect()["period"].to_list()
    left = [one for one in spans if one not in periods]
    since = first_days(calendar)

    def others(table: Lazy) -> Lazy:
        return table.filter(nw.col("period").is_in(left))

    return replace(
        calendar,
        days=others(calendar.days),
        window=others(calendar.window),
        spans=others(calendar.spans),
        stretches=others(calendar.stretches),
        before=others(calendar.before),
        since=min((since.get(one, _NEVER) for one in left), default=_NEVER),
    )


def of_period(frames: Sequence[pl.DataFrame], period: int) -> pl.DataFrame:
    """The sums of a period from all tables in one."""
    mine = (frame.filter(pl.col("period") == period).with_columns(pl.lit(place).alias(_TABLE))
            for place, frame in enumerate(frames))  # fmt: skip
    return pl.concat(list(mine), how="diagonal")


def with_periods(
    frames: Sequence[pl.DataFrame], known: Mapping[int, pl.DataFrame]
) -> list[pl.DataFrame]:
    """The sums of tables with those of the periods that were known."""
    if not known:
        return list(frames)
    earlier = pl.concat(known.values(), how="diagonal")
    return [
        pl.concat([frame, earlier.filter(pl.col(_TABLE) == place).select(frame.columns)])
        for place, frame in enumerate(frames)
    ]


def _printed(rows: pl.LazyFrame) -> pl.DataFrame:
    table = rows.sort(pl.all()).collect().rechunk()
    written = BytesIO()
    table.write_ipc(written)
    return pl.DataFrame({"print": [sha256(written.getvalue()).hexdigest()]})
