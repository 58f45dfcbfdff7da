"""A grid of cohorts in every output: what is shaded, what is blank, what has no room."""

import re
from dataclasses import replace
from datetime import date

import pytest
from acme import calm_outcome
from rich.cells import cell_len

from kpicli.render import html, markdown, terminal
from kpicli.render.options import Options
from kpicli.reports.blocks import Grid
from kpicli.reports.report import report_blocks
from kpicli.results import Outcome, Result

MONTHS = [("2025-01", 1), ("2025-02", 2), ("2025-03", 3), ("2025-04", 4)]
# Nobody signed up in March; April is too young for the second month. January: 50 %, February: 20 %.
CAME = {
    ("2025-01", 0): (4, 4), ("2025-01", 1): (2, 4), ("2025-01", 2): (0, 4),
    ("2025-02", 0): (1250, 1250), ("2025-02", 1): (250, 1250), ("2025-02", 2): (125, 1250),
    ("2025-04", 0): (7, 7),
}  # fmt: skip
YOUNG = {("2025-04", 1): 7, ("2025-04", 2): 7}


def cohorts(name: str = "Kept") -> Outcome:
    """An outcome with one grid, its headline and its mean."""
    calm = calm_outcome()
    card = replace(calm.kpis[0], name="kept", title=name, unit="ratio", grain="month", group=None)
    cells = [cell(label, month, age) for age in (0, 1, 2, 3) for label, month in MONTHS]
    headline = [replace(one, age=None) for one in cells if one.age == 1]
    means = [mean(0, 1261, 1261), mean(1, 252, 1254), mean(2, 125, 1254), mean(3, 0, 0)]
    results = (*headline, *cells, *means)
    return replace(calm, kpis=(card,), results=results, verdicts=())


def cell(label: str, month: int, age: int) -> Result:
    start, end = date(2025, month, 1), date(2025, month + 1, 1)
    bare = Result("kept", "month", label, start, end, age=age)
    if (label, age) in CAME:
        came, size = CAME[label, age]
        return replace(bare, value=came / size, numerator=came, denominator=size, n=size)
    young = YOUNG.get((label, age), 0)
    if young or age == 3:
        return replace(bare, reason="immature", left_out={"immature": young})
    return replace(bare, reason="no_rows")


def mean(age: int, came: int, size: int) -> Result:
    bare = Result("kept", "month", "2025-01..2025-04", date(2025, 1, 1), date(2025, 5, 1))
    value = came / size if size else None
    return replace(bare, part="mean", age=age, value=value, numerator=came, denominator=size)


def grid_of(outcome: Outcome) -> Grid:
    (found,) = [block for block in report_blocks(outcome) if isinstance(block, Grid)]
    return found


def test_the_block_has_a_row_per_cohort_and_the_mean_last() -> None:
    grid = grid_of(cohorts())
    assert grid.columns == ("0", "1", "2")
    rows = [(row.name, row.size, [cell.text for cell in row.cells]) for row in grid.rows]
    assert rows == [
        ("Jan 2025", "4", ["100", "50", "0"]),
        ("Feb 2025", "1,250", ["100", "20", "10"]),
        ("Mar 2025", "0", ["–", "–", "–"]),
        ("Apr 2025", "7", ["100", "", ""]),
        ("mean", "", ["100", "20", "10"]),
    ]
    assert [row.strong for row in grid.rows] == [False, False, False, False, True]


def test_the_strongest_after_the_first_is_the_measure() -> None:
    rows = grid_of(cohorts()).rows
    assert [cell.heat for cell in rows[0].cells] == [1, 1, 0]
    assert [cell.heat for cell in rows[1].cells] == pytest.approx([1, 0.4, 0.2])
    assert [cell.heat for cell in rows[3].cells] == [1, None, None]


def test_the_terminal_shades_numbers() -> None:
    text = terminal.render(cohorts(), Options(width=79))
    lines = text[text.index("Kept, months later") :].splitlines()
    assert lines[:6] == [
        "Kept, months later, % of the cohort",
        "           size   0    1    2",
        "Jan 2025      4 100█  50█   0",
        "Feb 2025  1,250 100█  20▒  10░",
        "Mar 2025      0   –    –    –",
        "Apr 2025      7 100█",
    ]
    assert lines[6] == "mean            100█  20▒  10░"


def test_a_terminal_without_the_signs() -> None:
    text = terminal.render(cohorts(), Options(plain_signs=True))
    text.encode("ascii")
    assert "Feb 2025  1,250 100#  20:  10." in text


@pytest.mark.parametrize("width", [24, 40, 60, 79])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = terminal.render(cohorts("Kept " * 20), Options(width=width))
    assert max(map(cell_len, text.splitlines())) <= width


def test_ages_that_do_not_fit_are_counted() -> None:
    text = " ".join(terminal.render(cohorts(), Options(width=26)).split())
    assert "1 age does not fit" in text
    assert "ages do not fit" in " ".join(terminal.render(cohorts(), Options(width=20)).split())


def test_markdown_has_a_table() -> None:
    text = markdown.render(cohorts("Kept *all*"), Options())
    assert r"**Kept \*all\***, months later, % of the cohort" in text
    assert "| Feb 2025 | 1,250 | 100 █ | 20 ▒ | 10 ░ |" in text
    assert "| Apr 2025 | 7 | 100 █ |  |  |" in text


def test_html_shades_cells_and_escapes_names() -> None:
    page = html.render(cohorts("<b>Kept</b>"), Options())
    assert "&lt;b&gt;Kept&lt;/b&gt;</b>, months later" in page
    heats = re.findall(r'style="--heat: (\d+)%">([\d.]+)<', page)
    assert heats[3:6] == [("100", "100"), ("40", "20"), ("20", "10")]
    assert '<tr class="sum"><th scope="row">mean</th>' in page


def test_every_group_has_its_grid_after_the_total() -> None:
    outcome = cohorts()
    split = [replace(one, by={"plan": plan}) for plan in ("pro", "free") for one in outcome.results]
    both = replace(outcome, results=(*split, *outcome.results))
    grids = [block for block in report_blocks(both) if isinstance(block, Grid)]
    assert [grid.title for grid in grids] == ["Kept", "Kept · pro", "Kept · free"]
    for text in (terminal.render(both, Options()), markdown.render(both, Options())):
        assert text.count("100 █") + text.count("100█") == 12
    assert html.render(both, Options()).count('class="heat"') == 3


def test_a_cell_of_a_part_of_its_cohort_has_a_star() -> None:
    outcome = cohorts()
    partly = [
        replace(one, left_out={"immature": 3}) if (one.label, one.age) == ("2025-02", 2) else one
        for one in outcome.results
    ]
    outcome = replace(outcome, results=tuple(partly))
    text = terminal.render(outcome, Options(width=79))
    assert "Feb 2025  1,250 100 █  20 ▒  10*░" in text
    assert "*: not over for some of the cohort" in " ".join(text.split())
    assert r"| 10\* ░ |" in markdown.render(outcome, Options())
    assert ">10*</td>" in html.render(outcome, Options())


def test_small_shares_keep_a_decimal() -> None:
    outcome = cohorts()
    few = [replace(one, value=one.value / 20) if one.value and one.age else one
           for one in outcome.results]  # fmt: skip
    rows = grid_of(replace(outcome, results=tuple(few))).rows
    assert [cell.text for cell in rows[0].cells] == ["100.0", "2.5", "0.0"]


def test_a_report_without_cohorts_has_no_grid() -> None:
    assert not [block for block in report_blocks(calm_outcome()) if isinstance(block, Grid)]
