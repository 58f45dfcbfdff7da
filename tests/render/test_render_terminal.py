"""What a terminal can show."""

from dataclasses import replace

import pytest
from acme import ACTIVE, acme_outcome, calm_outcome, trend
from rich.cells import cell_len

from kpicli.render.options import Options
from kpicli.render.signs import can_show_signs, draw_bars
from kpicli.render.terminal import render
from kpicli.results import Comparison


@pytest.mark.parametrize("width", [40, 60, 79, 80, 120, 200])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("view", ["report", "check"])
def test_no_line_is_wider_than_the_terminal(width, wide, view):
    text = render(acme_outcome(), Options(view=view, width=width, wide=wide))
    assert max(map(cell_len, text.splitlines())) <= width


def test_without_colour_no_escape_and_no_blank_at_a_lines_end():
    text = render(acme_outcome(), Options())
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_with_colour_a_miss_is_red():
    assert "\x1b[1;31m✗" in render(acme_outcome(), Options(colour=True))


def test_plain_signs_are_ascii():
    render(acme_outcome(), Options(plain_signs=True)).encode("ascii")


def test_without_a_limit_nothing_wraps_or_is_left_out():
    text = render(acme_outcome(), Options(width=None, wide=True))
    assert "week 26" in text
    assert "do not fit" not in text


def test_a_title_without_end_is_cut():
    calm = calm_outcome()
    card = replace(calm.kpis[0], title="endless " * 200)
    lines = render(replace(calm, kpis=(card,)), Options()).splitlines()
    assert sum("endless" in line for line in lines[1:6]) == 2
    assert any(line.endswith("…") for line in lines)


def test_a_title_in_wide_letters_stays_aligned():
    calm = calm_outcome()
    card = replace(calm.kpis[0], title="有効なユーザー")
    rows = render(replace(calm, kpis=(card,)), Options()).splitlines()
    title, row = (line for line in rows if "13 weeks" in line or "有効" in line)
    end = title.index("week 38") + len("week 38")
    assert cell_len(row[: row.index("7,149")]) + len("7,149") == end


def test_many_periods_make_room_for_the_name():
    outcome = acme_outcome()
    long = [replace(one, title=f"{one.title} {'x' * 30}") for one in outcome.kpis]
    text = render(replace(outcome, kpis=tuple(long)), Options(width=70))
    assert "8 weeks" in text


@pytest.mark.parametrize(
    ("values", "plain", "bars"),
    [
        ((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), False, "▁▂▃▄▅▆▇█"),
        ((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), True, "_.:-=+*#"),
        ((1.0, None, 8.0), False, "▁ █"),
        ((5.0, 5.0), False, "▄▄"),
        ((-1.0, 0.0), False, "▁█"),
        ((), False, ""),
    ],
)
def test_bars_go_from_the_smallest_to_the_largest(values, plain, bars):
    assert draw_bars(values, plain) == bars


def test_a_stream_says_whether_it_can_show_signs():
    assert can_show_signs("utf-8")
    assert not can_show_signs("latin-1")
    assert not can_show_signs("ascii")
    assert not can_show_signs(None)


def test_a_period_that_misses_is_not_drawn_as_zero():
    outcome = replace(calm_outcome(), verdicts=(), results=tuple(
        trend("wau", [*ACTIVE[:6], None, *ACTIVE[7:]])))  # fmt: skip
    row = next(line for line in render(outcome, Options()).splitlines() if "7,149" in line)
    assert row[-13:] == "▁▂▂▃▃▄ ▅▅▆▆▇█"


def in_both_years(title):
    """One KPI with two changes and a trend, whose title is one long word."""
    outcome = calm_outcome()
    compare = {word: Comparison(5000.0, 2149.0, 0.4298) for word in ("previous", "year")}
    results = tuple(replace(one, compare=compare) for one in outcome.results)
    meta = replace(outcome.meta, compare=("previous", "year"))
    return replace(
        outcome, meta=meta, results=results, kpis=(replace(outcome.kpis[0], title=title),)
    )


def test_the_change_on_year_goes_before_a_word_breaks():
    lines = render(in_both_years("Subscriptions_of_users"), Options(width=50)).splitlines()
    assert any("Subscriptions_of_users" in line for line in lines)
    assert "on year" not in lines[3]
    assert "change" in lines[3]


def test_what_has_no_room_is_said_once():
    gone = " ".join(render(acme_outcome(), Options(width=60)).split())
    assert gone.count("The trend does not fit: a wider page shows more") == 1
    cut = render(acme_outcome(), Options(width=74))
    assert cut.count("The trend is cut to its newest 8") == 1
    assert "wider page" not in render(acme_outcome(), Options(width=120))
