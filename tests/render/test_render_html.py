"""The page stands on its own and says everything without colour."""

import re
from html.parser import HTMLParser

import pytest
from acme import acme_outcome, calm_outcome

from kpicli.render.html import render
from kpicli.render.options import Options
from kpicli.render.sketch import sketch_trend
from kpicli.reports.blocks import Figure, Mark

PAGE = render(acme_outcome(), Options())


class Tree(HTMLParser):
    """Checks that tags close in order, and keeps what was opened."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def attributes(name: str) -> list[str]:
    return [str(found[name]) for _, found in Tree(PAGE).seen if name in found]


@pytest.mark.parametrize(
    "options", [Options(), Options(wide=True), Options(view="check"), Options(parts=True)]
)
def test_the_page_is_well_formed_and_needs_nothing_else(options):
    page = render(acme_outcome(), options)
    assert Tree(page).open == []
    assert "http" not in page
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(|\son\w+=", page)


def test_it_suits_phones_print_and_the_dark():
    assert 'name="viewport"' in PAGE
    for rule in ("@media print", "prefers-color-scheme: dark", "max-width: 640px"):
        assert rule in PAGE


def test_every_trend_is_drawn_and_told_in_words():
    drawings = [found for tag, found in Tree(PAGE).seen if tag == "svg"]
    # Ten KPIs and four segments have a trend; the list and the KPI without data have none.
    assert len([one for one in drawings if "small" in str(one["class"])]) == 14
    assert len([one for one in drawings if "large" in str(one["class"])]) == 10
    assert all(one["role"] == "img" and one["aria-label"] for one in drawings)
    assert (
        "Net revenue retention, 12 months, from week 26: 102 % to week 38: 97.1 %; target 105 %"
        in attributes("aria-label")
    )


def test_a_status_is_told_in_words_beside_its_sign():
    assert PAGE.count("<i>missed</i>") >= 3
    assert 'title="near"' in PAGE


def test_links_lead_to_details_on_the_page():
    targets = {f"#{anchor}" for anchor in attributes("id")}
    assert set(attributes("href")) <= targets
    assert len(attributes("href")) == 12


def test_a_calm_page_has_no_empty_sections():
    page = render(calm_outcome(), Options())
    assert "Needs attention" not in page
    assert 'class="alerts"' not in page
    assert 'class="remarks"' not in page


def figure(values, targets=None, marks=()):
    names = tuple(f"week {position}" for position in range(len(values)))
    texts = tuple("" if value is None else str(value) for value in values)
    targets = targets or (None,) * len(values)
    return Figure("Trend", "count", values, names, texts, targets, "", marks)


def test_a_drawing_has_its_gaps_and_its_targets():
    drawing = sketch_trend(figure((0.0, 10.0, None, 5.0), targets=(20.0,) * 4), 110, 50, 10)
    assert drawing.line == "M10 40L40 25h0M100 32.5h0"
    assert drawing.goals == ("M10 10L40 10L70 10L100 10h0",)
    assert (drawing.top, drawing.bottom) == ("20", "0")
    assert [(dot.x, dot.y, dot.text) for dot in drawing.dots] == [
        (10.0, 40.0, "week 0: 0.0"), (40.0, 25.0, "week 1: 10.0"), (100.0, 32.5, "week 3: 5.0"),
    ]  # fmt: skip


def test_a_band_has_two_edges_and_a_flat_trend_lies_in_the_middle():
    band = {"from": 0.0, "to": 10.0}
    assert len(sketch_trend(figure((5.0, 5.0), targets=(band, band)), 100, 40).goals) == 2
    flat = sketch_trend(figure((5.0, 5.0), marks=(Mark(1, "moved"),)), 100, 40)
    assert flat.line == "M4 20L96 20h0"
    assert [(mark.x, mark.text) for mark in flat.marks] == [(96.0, "moved")]
