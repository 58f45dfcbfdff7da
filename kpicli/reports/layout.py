"""What all rows of one report share: its period, its comparisons, its trends, its groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from kpicli.reports.blocks import Cell, Figure, Row, Tone
from kpicli.reports.figure import draw_trend
from kpicli.reports.periods import name_period
from kpicli.reports.series import Series, report_period, spines, splits_of
from kpicli.reports.wording import name_place
from kpicli.results import Outcome, Result

NO_GROUP = "Other"
WriteRows = Callable[[Series, str], Iterable[Row]]


@dataclass(frozen=True)
class Layout:
    """period is a result of the report's own period, None for snapshots alone."""

    compare: tuple[str, ...]
    period: Result | None
    spines: Mapping[str, tuple[date, ...]]
    splits: Mapping[str, int]

    @property
    def trend_title(self) -> str:
        """Of how many periods a trend is: "13 weeks"; empty where there is only one."""
        periods = len(self.spines.get(self.period.grain, ())) if self.period else 0
        return f"{periods} {self.period.grain}s" if self.period and periods > 1 else ""

    def compares(self, word: str) -> bool:
        """Whether a comparison was asked for and there is anything that can have one."""
        return word in self.compare and self.period is not None

    def trend_of(self, series: Series) -> Figure | None:
        """The trend of a series over the periods of its own grain."""
        named = name_series(series, 2)
        title = f"{series.card.title}, {named}" if named else series.card.title
        return draw_trend(series, title, self.spines.get(series.headline.grain, ()))

    def period_note(self, result: Result) -> str:
        """The period of a number that is not the report's own, and whether it is whole."""
        ours = self.period is not None and result.label == self.period.label
        named = "" if ours else self._name_beside(result)
        whole = "" if result.complete else "not complete"
        return ", ".join(text for text in (named, whole) if text)

    def _name_beside(self, result: Result) -> str:
        """A period's name beside the report's own: a month of the same year without it."""
        named, ours = name_period(result), self.period.end if self.period else None
        same = ours is not None and result.start is not None and result.start.year == ours.year
        return named.removesuffix(f" {ours.year}") if ours and same else named


def lay_out(outcome: Outcome) -> Layout:
    """The layout of an outcome's report."""
    period = report_period(outcome)
    return Layout(outcome.meta.compare, period, spines(outcome), splits_of(outcome))


def group_rows(
    series: Sequence[Series], layout: Layout, width: int, write: WriteRows
) -> tuple[Row, ...]:
    """The rows of every KPI under its group's name; groups stand in order of first mention.

    width is the number of cells in a row; write gets a series and what its row is called.
    """
    groups = ordered_groups(series)
    rows: list[Row] = []
    for group in groups:
        if groups != [None]:
            rows.append(_head(group or NO_GROUP, width))
        of_group = [one for one in series if one.card.group == group]
        for _, of_card in groupby(of_group, lambda one: one.card.name):
            rows.extend(_kpi_rows(list(of_card), layout, write))
    return tuple(rows)


def ordered_groups(series: Iterable[Series]) -> list[str | None]:
    """The groups in order of first mention; KPIs without one come last."""
    return sorted(dict.fromkeys(one.card.group for one in series), key=lambda name: name is None)


def name_series(series: Series, splits: int) -> str:
    """What sets a series apart from its KPI's total: "enterprise", "promoters"; "" the total."""
    age = "" if series.age is None else f"after {series.age}"
    part = series.card.labels.get("", {}).get(series.part or "", series.part)
    texts = (part, age, name_place(series.by, series.card, splits))
    return ", ".join(text for text in texts if text)


def value_tone(result: Result, series: Series) -> Tone:
    """Grey what does not count yet; coloured what needs somebody; any other value is strong."""
    if not result.complete or result.value is None or result.reason in ("too_few", "muted"):
        return "grey"
    if series.status == "red":
        return "red"
    return "yellow" if series.status == "yellow" else "strong"


def _kpi_rows(series: Sequence[Series], layout: Layout, write: WriteRows) -> Iterable[Row]:
    """A total's further series stand under it by their own name; without a total in full."""
    title = series[0].card.title
    led = not name_series(series[0], 1)
    for one in series:
        named = name_series(one, layout.splits[one.card.name])
        yield from write(one, named if led and named else ", ".join(filter(None, (title, named))))


def _head(group: str, width: int) -> Row:
    return Row((Cell(group, "strong"), *[Cell("")] * (width - 1)), head=True)
