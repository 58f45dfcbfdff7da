"""What a source holds, counted by eye in the bakery's files."""

from datetime import date
from pathlib import Path

import pytest
from bakery import TODAY, bakery

from kpicli.definitions.book import Book
from kpicli.engine.profile import ColumnProfile, profile_of
from kpicli.engine.references import Reference
from kpicli.errors import RequestError
from kpicli.flow import open_book

MESSY = """\
Deal ID;Owner Mail;Close Date;Amount;Plan
1;ann@acme.com;16-11-20;12,50;pro
2;bob@acme.com;17-01-05;;free
3;;18-01-05;tbd;pro
"""


def test_columns_as_they_were_read(tmp_path: Path) -> None:
    profile = profile_of(bakery(tmp_path), "sales", TODAY)
    told = [
        (one.name, one.kind, one.origin, one.filled, one.unparsable, one.first)
        for one in profile.columns
    ]
    # Ten rows are in use: the one that is there twice counts once.
    assert told == [
        ("sale_id", "text", "file", 1.0, 0, None),
        ("day", "date", "use", 0.9, 0, (date(2025, 2, 1), date(2025, 2, 2), date(2025, 2, 3))),
        ("shop_id", "text", "use", 1.0, 0, None),
        ("buyer", "text", "use", 1.0, 0, ("ann", "bob", "tim")),
        ("kind", "text", "use", 1.0, 0, ("bread", "cake")),
        ("price", "money", "declared", 0.9, 1, (2.5, 1.0, 3.5)),
        ("paid", "text", "use", 0.9, 0, ("yes", "no")),
        ("stars", "number", "use", 0.9, 0, (10.0, 6.0, 9.0)),
    ]


def test_what_was_not_read_and_how_far_it_goes(tmp_path: Path) -> None:
    record = profile_of(bakery(tmp_path), "sales", TODAY).record
    assert dict(record.not_read) == {"undated": 1, "duplicate": 1, "unparsable": 1}
    assert [(one.row, one.column, one.text) for one in record.spots] == [(10, "price", "lots")]
    assert (record.first, record.last) == (date(2025, 1, 31), date(2025, 3, 1))


def test_references_and_the_rows_that_join(tmp_path: Path) -> None:
    book = bakery(tmp_path)
    (tmp_path / "shops.csv").write_text("shop_id,town,is_test\nB,Bonn,no\nT,Test,yes\n")
    profile = profile_of(book, "sales", TODAY)
    assert profile.references == (
        Reference("shop_id", "shops", "shop_id", joined=4, empty=0, lost=6),
    )


def test_a_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    book = bakery(tmp_path)
    (tmp_path / "shops.csv").unlink()
    (found,) = profile_of(book, "sales", TODAY).references
    assert found.joined is None
    assert "shops.csv" in (found.problem or "")


def test_how_a_file_is_written_and_what_it_calls_its_columns(tmp_path: Path) -> None:
    columns = {one.name: one for one in _messy(tmp_path)}
    assert columns["close_date"] == ColumnProfile(
        "close_date", "Close Date", "date", "declared", 1.0, 0,
        (date(2020, 11, 16), date(2005, 1, 17), date(2005, 1, 18)), "DD-MM-YY",
    )  # fmt: skip
    assert columns["amount"].kind == "money"
    assert (columns["amount"].filled, columns["amount"].unparsable) == (2 / 3, 1)


def test_ids_and_addresses_are_not_shown(tmp_path: Path) -> None:
    hidden = [one.name for one in _messy(tmp_path) if one.first is None]
    assert hidden == ["deal_id", "owner_mail"]


def test_a_source_that_no_report_could_read_is_shown_with_the_reason(tmp_path: Path) -> None:
    problems = profile_of(_messy_book(tmp_path), "deals", TODAY).problems
    assert [(one.code, one.source) for one in problems] == [("unparsable", "deals")]


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no source 'sale'"):
        profile_of(bakery(tmp_path), "sale", TODAY)


def _messy(folder: Path) -> tuple[ColumnProfile, ...]:
    profile = profile_of(_messy_book(folder), "deals", TODAY)
    assert [(one.format, one.written, one.rows) for one in profile.files] == [
        ("CSV", "utf-8, semicolon", 3)
    ]
    return profile.columns


def _messy_book(folder: Path) -> Book:
    (folder / "deals.csv").write_text(MESSY)
    (folder / "kpi.yaml").write_text(
        "version: 1\nsources:\n  deals: {path: deals.csv, decimal: comma, dates: DD-MM-YY,"
        " types: {close_date: date}}\n"
        "kpis: {deals: {kind: count, source: deals}}\n"
    )
    return open_book(folder / "kpi.yaml", {})
