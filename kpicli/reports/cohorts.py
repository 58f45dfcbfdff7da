"""The grid of a KPI that follows cohorts: a row per cohort, a column per age."""

from collections.abc import Iterable, Iterator, Sequence

from kpicli.reports.blocks import Grid, GridCell, GridRow
from kpicli.reports.periods import name_period
from kpicli.results import Card, Outcome, Result

MEAN = "mean"
_FEW = 0.1


def cohort_grids(outcome: Outcome) -> tuple[Grid, ...]:
    """A grid of the totals of each KPI that has ages, in the order of the report."""
    aged = [one for one in outcome.results if one.age is not None and not one.by]
    found = []
    for card in outcome.kpis:
        cells = [one for one in aged if one.kpi == card.name and one.part is None]
        means = [one for one in aged if one.kpi == card.name and one.part == MEAN]
        ages = [one.age for one in means if one.age is not None and one.value is not None]
        if ages:
            found.append(_grid(card, cells, means, ages))
    return tuple(found)


def _grid(
    card: Card, cells: Sequence[Result], means: Sequence[Result], ages: Sequence[int]
) -> Grid:
    """The ages that some cohort is old enough for; cohorts from the first that has anybody."""
    pen = _Pen(cells)
    starts = sorted({one.start for one in cells if one.start})
    rows = [_cohort_row([one for one in cells if one.start == start], ages, pen)
            for start in starts]  # fmt: skip
    first = next((place for place, row in enumerate(rows) if row.size != "0"), 0)
    mean = GridRow("mean", "", tuple(_cells(means, ages, pen)), strong=True)
    return Grid(
        card.title,
        f"{card.grain}s later, % of the cohort",
        tuple(str(age) for age in ages),
        (*rows[first:], mean),
        "blank: not over yet; the mean is of the cohorts old enough",
    )


def _cohort_row(results: Sequence[Result], ages: Sequence[int], pen: "_Pen") -> GridRow:
    young = min(results, key=lambda one: one.age or 0)
    size = young.n + young.left_out.get("immature", 0)
    return GridRow(name_period(young), f"{size:,}", tuple(_cells(results, ages, pen)))


def _cells(results: Iterable[Result], ages: Sequence[int], pen: "_Pen") -> Iterator[GridCell]:
    by_age = {one.age: one for one in results}
    return (pen.cell(by_age[age]) for age in ages)


class _Pen:
    """Writes shares in the digits, and shades them in the strength, that suit a whole grid.

    The age at which all are there says nothing of the others: 1 is the strongest of the rest.
    """

    def __init__(self, cells: Sequence[Result]) -> None:
        later = [one.value for one in cells if one.age and one.value is not None]
        self._strongest = max(later, default=1.0) or 1.0
        self._digits = 1 if self._strongest < _FEW else 0

    def cell(self, result: Result) -> GridCell:
        """One share; blank where it is not over, a dash where there is nobody to come back."""
        if result.value is None:
            return GridCell("" if result.reason in ("immature", "running") else "–", None)
        text = f"{100 * result.value:,.{self._digits}f}"
        return GridCell(text, min(result.value / self._strongest, 1.0))
