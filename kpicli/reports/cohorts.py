"""The grid of a KPI that follows cohorts: a row per cohort, a column per age."""

from collections.abc import Iterable, Iterator, Sequence

from kpicli.reports.blocks import Grid, GridCell, GridRow
from kpicli.reports.periods import name_period
from kpicli.reports.wording import name_place
from kpicli.results import Card, Outcome, Result

MEAN = "mean"
_FEW = 0.1
_LEGEND = "blank: not over yet; the mean is of the cohorts old enough"
_PARTIAL = "; *: not over for some of the cohort, who are not in it"


def cohort_grids(outcome: Outcome) -> tuple[Grid, ...]:
    """The grids of each KPI that has ages: of its total, then of every group that it is split by.

    They stand in the order of the report; a group that nobody is in has none.
    """
    aged = [one for one in outcome.results if one.age is not None]
    return tuple(
        grid
        for card in outcome.kpis
        for grid in _grids_of(card, [one for one in aged if one.kpi == card.name])
    )


def _grids_of(card: Card, aged: Sequence[Result]) -> Iterator[Grid]:
    groups: dict[tuple[tuple[str, str], ...], list[Result]] = {}
    for one in aged:
        groups.setdefault(tuple(one.by.items()), []).append(one)
    splits = len({tuple(name for name, _ in by) for by in groups if by})
    for by in sorted(groups, key=bool):
        cells = [one for one in groups[by] if one.part is None]
        means = [one for one in groups[by] if one.part == MEAN]
        ages = [one.age for one in means if one.age is not None and one.value is not None]
        if ages:
            place = name_place(dict(by), card, splits)
            title = f"{card.title} · {place}" if place else card.title
            yield _grid(title, card, cells, means, ages)


def _grid(
    title: str, card: Card, cells: Sequence[Result], means: Sequence[Result], ages: Sequence[int]
) -> Grid:
    """The ages that some cohort is old enough for; cohorts from the first that has anybody."""
    pen = _Pen(cells)
    starts = sorted({one.start for one in cells if one.start})
    rows = [_cohort_row([one for one in cells if one.start == start], ages, pen)
            for start in starts]  # fmt: skip
    first = next((place for place, row in enumerate(rows) if row.size != "0"), 0)
    mean = GridRow("mean", "", tuple(_cells(means, ages, pen)), strong=True)
    partial = any(cell.partial for row in rows for cell in row.cells)
    return Grid(
        title,
        f"{card.age_in or card.grain}s later, % of the cohort",
        tuple(str(age) for age in ages),
        (*rows[first:], mean),
        _LEGEND + (_PARTIAL if partial else ""),
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
            waiting = result.reason in ("immature", "running") or "immature" in result.left_out
            return GridCell("" if waiting else "–", None)
        text = f"{100 * result.value:,.{self._digits}f}"
        young = result.part is None and "immature" in result.left_out
        return GridCell(text, min(result.value / self._strongest, 1.0), partial=young)
