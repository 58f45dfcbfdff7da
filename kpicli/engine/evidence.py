"""The contributions behind one number, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isclose
from typing import Any

import polars as pl

from kpicli.engine.focus import Focus
from kpicli.engine.opened import FILE, ROW
from kpicli.engine.portion import REPEATED, Portion, portions_of
from kpicli.engine.rowcolumns import row_columns, split_columns
from kpicli.engine.series import NEED
from kpicli.errors import RequestError
from kpicli.kinds.base import Contributions, Estimate, Survival
from kpicli.words.types import MONEY_SCALE, ColumnType

_DAYS = ("day", "start_day", "end_day")
_LED = (
    "source",
    "file",
    "row",
    "entity",
    *_DAYS,
    "numerator",
    "observed",
    "denominator",
    "left_out",
)
_COUNTED = "adds to n"


@dataclass(frozen=True)
class Evidence:
    """The rows behind a number; those without left_out add up to the reported sums.

    frame: one row per contribution, those that count first; columns source (where there are
    several), file, row (data rows from 1), entity (kinds over entities), day or start_day and
    end_day, numerator, denominator, left_out, then what the definition names of the source. Money
    is in whole currency, times are local. Numerator and denominator are null where a row is left
    out; `repeated` says that another row has counted the same.
    """

    focus: Focus
    estimate: Estimate
    frame: pl.DataFrame
    counted: int

    @property
    def left_out(self) -> int:
        """How many rows do not count; they stand last."""
        return self.frame["left_out"].count()

    @property
    def running(self) -> int:
        """How many durations that count have not ended yet."""
        if "observed" not in self.frame.columns:
            return 0
        counting = self.frame.filter(pl.col("left_out").is_null())
        return int((counting["observed"] == 0).sum())

    def reasons(self) -> dict[str, int]:
        """The rows left out by reason, the most frequent first."""
        told = self.frame["left_out"].drop_nulls().value_counts(sort=True)
        return dict(sorted(told.iter_rows(), key=lambda one: (-one[1], one[0])))

    def records(self, start: int = 0, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Rows as plain values by column, from one on; None is to the end."""
        return self.frame.slice(start, most).iter_rows(named=True)

    def is_empty(self, column: str) -> bool:
        """Whether a column has nothing to say."""
        return self.frame[column].count() == 0


def evidence_of(focus: Focus) -> tuple[Evidence, ...]:
    """The rows behind a number; of a formula those behind each of its inputs.

    Raises AssertionError where they do not add up to the reported sums: a fault of ours;
    RequestError for a part that is told of groups alone, as who enters one.
    """
    if focus.step.kpi.inputs:
        return tuple(found for one in focus.inputs() for found in evidence_of(one))
    portions = portions_of(focus)
    if not portions:
        message = f"{focus.step.kpi.name} has its part {focus.part} in groups only"
        raise RequestError(message, "say which: --for SEGMENT=VALUE", "unknown_part")
    frame = pl.concat([_told(focus, one) for one in portions], how="diagonal_relaxed")
    if focus.value.estimated.reason == "current_state":
        # Today's rows say nothing of the past.
        frame = frame.clear()
    _check(focus, frame)
    counted = int(frame.filter(pl.col("left_out").is_null())[_COUNTED].sum())
    table = portions[0].table
    return (Evidence(focus, table.estimate, _arranged(focus, frame, table.beside), counted),)


def together(found: Sequence[Evidence]) -> pl.DataFrame:
    """The rows of several numbers in one table, led by the KPI and the period of each."""
    if len(found) == 1:
        return found[0].frame
    named = [
        one.frame.select(
            pl.lit(one.focus.step.kpi.name).alias("kpi"),
            pl.lit(one.focus.period.label if one.focus.period else None).alias("period"),
            pl.all().name.map(_beside_kpi),
        )
        for one in found
    ]
    return pl.concat(named, how="diagonal_relaxed")


def parquet_of(frame: pl.DataFrame) -> bytes:
    """The rows as a Parquet file."""
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _beside_kpi(name: str) -> str:
    return f"{name} of the row" if name in ("kpi", "period") else name


def _told(focus: Focus, portion: Portion) -> pl.DataFrame:
    """The rows of a portion with what stands beside them, numbers as people read them."""
    table = portion.table
    frame = portion.of_group
    known = frame.collect_schema()
    kept = [name for name in (NEED, FILE, ROW, "entity", *_DAYS) if name in known]
    splits = [name for name in known if name.startswith("by ")]
    if table.once and "entity" in kept:
        kept.remove("entity")
    if isinstance(table.estimate, Survival):
        kept.append("observed")
    counts = pl.col("left_out").is_null()
    rows = frame.select(
        *kept,
        *(_beside(name, table, known) for name in table.beside),
        *splits,
        pl.when(counts).then(_scaled("numerator", table.numerator)).alias("numerator"),
        pl.when(counts).then(_scaled("denominator", table.denominator)).alias("denominator"),
        "left_out",
        pl.lit(table.counted).cast(pl.Int64).alias(_COUNTED),
    ).collect(engine="streaming")
    return row_columns(focus, rows) if ROW in kept else split_columns(focus, rows)


def _beside(column: str, table: Contributions, known: pl.Schema) -> pl.Expr:
    return _scaled(column, table.numerator) if known[column].is_numeric() else pl.col(column)


def _scaled(column: str, kind: ColumnType) -> pl.Expr:
    # The sixteenth figure is noise of the division.
    amount = (pl.col(column) / MONEY_SCALE).round_sig_figs(15)
    return amount if kind == "money" else pl.col(column)


def _check(focus: Focus, frame: pl.DataFrame) -> None:
    """The rows give the reported sums; anything else would be two truths."""
    counting = frame.filter(pl.col("left_out").is_null())
    sums = focus.value.sums
    told = (
        float(counting[_COUNTED].sum()),
        float(counting["numerator"].sum() or 0),
        float(counting["denominator"].sum() or 0),
    )
    reported = (float(sums.n), sums.x, sums.y or 0.0)
    for ours, theirs in zip(told, reported, strict=True):
        if not isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-6):
            name = focus.step.kpi.name
            raise AssertionError(f"{name}: the rows add up to {told}, the report says {reported}")


def _arranged(focus: Focus, frame: pl.DataFrame, beside: tuple[str, ...]) -> pl.DataFrame:
    """What counts first, of a part what belongs to it; then in the order of the files.

    A ledger reads from its opening by the movement and its amount to the closing.
    """
    order = [pl.col("left_out").is_not_null(), pl.col("left_out") == REPEATED]
    if focus.part is not None or beside:
        order.append(pl.col("numerator") == 0)
    needs = {name: place for place, name in enumerate(focus.step.kpi.needs)}
    if NEED in frame.columns:
        order.append(pl.col(NEED).replace_strict(needs, return_dtype=pl.Int64))
    place = [pl.col(name) for name in (FILE, ROW, "entity") if name in frame.columns]
    drop = [NEED, FILE, ROW, _COUNTED]
    if focus.values.spine.snapshot:
        drop += _DAYS
    if "source" in frame.columns and frame["source"].n_unique() < 2:
        drop.append("source")
    arranged = frame.sort(*order, *place, nulls_last=True).drop(drop, strict=False)
    arranged = arranged.with_columns(
        pl.col(name).cast(pl.Date) for name in _DAYS if name in arranged.columns
    )
    names = [one for name in _LED for one in _with_ledger(name, beside)]
    led = [name for name in names if name in arranged.columns]
    return arranged.select(*led, pl.exclude(led))


def _with_ledger(name: str, beside: tuple[str, ...]) -> tuple[str, ...]:
    return (*beside[:2], name, *beside[2:]) if name == "numerator" else (name,)
