"""Files that no one here wrote, read by presets alone: published rates, types, nothing lost."""

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from real.conftest import REAL, TODAY

from kpicli.definitions.book import Book
from kpicli.engine.profile import profile_of
from kpicli.engine.survey import survey_sources
from kpicli.flow import open_book
from kpicli.results import SourceRecord
from kpicli.sources.presets import recognised

KINDS = {
    "deals": {
        "deal_id": "text", "amount": "money", "closed_at": "date", "created_at": "time",
        "is_won": "yes_no", "is_closed": "yes_no", "stage": "text",
    },
    "leads": {"lead_id": "text", "created_at": "time", "is_converted": "yes_no", "source": "text"},
    "hubspot": {
        "deal_id": "text", "amount": "money", "created_at": "time", "is_won": "yes_no",
        "deleted": "yes_no",
    },
    "stages": {"deal_id": "text", "entered_at": "time", "stage": "text"},
    "mails": {"event_id": "text", "timestamp": "time", "is_filtered": "yes_no", "user_id": "text"},
    "events": {"event_id": "text", "timestamp": "time", "user_id": "text", "properties": "text"},
    "charges": {
        "payment_id": "text", "amount": "money", "created_at": "time", "is_paid": "yes_no",
        "is_test": "yes_no",
    },
    "invoices": {"invoice_id": "text", "amount": "money", "tax": "money", "period_start": "time"},
    "subscriptions": {"subscription_id": "text", "start": "time", "end": "time"},
    "plans": {"plan_id": "text", "unit_amount": "money", "interval_count": "number"},
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Book:
    if not REAL.is_dir():
        pytest.skip(f"no real data at {REAL}; KPI_REAL_DATA says where it is")
    environment = {**os.environ, "KPI_REAL_DATA": str(REAL)}
    return open_book(Path(__file__).parent / "presets.yaml", environment)


@pytest.mark.parametrize("name", KINDS)
def test_a_connectors_file_loads_with_the_right_types(book: Book, name: str) -> None:
    """Every column of the file is there, 382 of them too, and no filled cell is lost."""
    profile = profile_of(book, name, TODAY)
    columns = {one.name: one for one in profile.columns}
    assert {column: columns[column].kind for column in KINDS[name]} == KINDS[name]
    assert [one.name for one in profile.columns if one.unparsable] == []
    path = REAL / Path(book.sources[name].path[0]).relative_to(REAL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {one.header for one in profile.columns} == set(rows[0])
    assert profile.record.rows == len(rows) - profile.record.not_read.get("duplicate", 0)
    gated = book.sources[name].only_if
    if profile.record.rows == len(rows):
        # A header that another column of ours is called by is shown, and has no name.
        for one in (one for one in profile.columns if one.kind and one.name not in gated):
            filled = sum(1 for row in rows if row[one.header].strip())
            assert one.filled == pytest.approx(filled / len(rows)), one.name
    assert recognised(list(rows[0]))[0].preset.name == book.sources[name].preset


def test_campaigns_give_their_published_rates(reported: Callable[..., Any]) -> None:
    told = reported("presets", as_of=date(2018, 7, 1))
    opens = told.split("email_open_rate", "2018-06", "campaign")
    clicks = told.split("email_ctr", "2018-06", "campaign")
    shown = {name: (f"{opens[name]:.2%}", f"{clicks[name]:.2%}") for name in opens}
    assert shown == {
        "Campaign A": ("27.78%", "6.48%"),
        "Campaign B": ("22.39%", "3.73%"),
        "Campaign C": ("26.32%", "3.01%"),
    }
    assert told.value("email_open_rate", "2018-06") == 95 / 375
    assert told.value("email_ctr", "2018-06") == 16 / 375


def test_every_file_of_a_connector_is_read_whole(tmp_path: Path, book: Book) -> None:
    files = sorted(REAL.glob("fivetran_*/*.csv"))
    lines = [f'  {one.stem}: {{path: "{one}"}}' for one in files]
    definitions = tmp_path / "kpi_definitions.yaml"
    definitions.write_text("\n".join(["version: 1", "sources:", *lines, "kpis: {}", ""]))
    records = list(survey_sources(open_book(definitions, {})))
    counted = {}
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            counted[path.stem] = sum(1 for _ in csv.DictReader(file))
    assert {one.name: one.rows for one in records if isinstance(one, SourceRecord)} == counted
