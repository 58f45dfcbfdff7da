"""Presets, headers of several names, and words of a file with a meaning of their own."""

from datetime import date

import pytest

from language.folder import Folder, Told

KPIS = """
kpis:
  won: {kind: share, source: deals, time: closed_at, count_if: is_won, grain: month}
  amount: {kind: sum, source: deals, time: closed_at, of: amount, grain: month, unit: money}
  stages: {kind: count, source: deals, time: closed_at, grain: month, by: [stage]}
"""
ROWS = """
Record ID,Deal Name,Deal stage,Amount,Close Date,Value,Status
1,A,Closed Won,100,2026-01-05,7,Yes
2,B, closed lost ,10,2026-01-12,8,no
3,C,qualifiedtobuy,,2026-01-20,9,
4,D,Gewonnen,5,2026-01-31,10,maybe
"""
JANUARY, AS_OF = "2026-01", date(2026, 2, 1)


def deals(folder: Folder, keys: str = "", rows: str = ROWS) -> Told:
    """The KPIs over deals.csv, with more keys on its source."""
    folder.put({"deals.csv": rows})
    source = f"{{path: deals.csv, quiet: 1mo{keys}}}"
    return folder.tell(f"sources: {{deals: {source}}}\n{KPIS}", as_of=AS_OF, periods=1)


def own(columns: str, more: str = "") -> str:
    """The keys of a source without a preset."""
    rest = "stage: Deal stage, closed_at: Close Date, is_won: Status"
    return f", columns: {{{rest}, {columns}}}{more}"


ELSE_NO = ", values: {is_won: {yes: true, else: false}}"


@pytest.mark.parametrize(
    ("headers", "total"),
    [
        ("Value", 34),
        ("[Value, Amount]", 34),
        ("[Worth, value]", 34),
        ("[Worth, amount, Value]", 115),
    ],
)
def test_of_several_headers_the_first_that_stands_is_taken(
    folder: Folder, headers: str, total: float
) -> None:
    told = deals(folder, own(f"amount: {headers}", ELSE_NO))
    assert told.value("amount", JANUARY) == total


@pytest.mark.parametrize(
    ("words", "won", "unknown"),
    [
        ("{yes: true, no: false, maybe: null}", 1 / 2, 0),
        ("{YES: true, else: false}", 1 / 3, 0),
        ("{yes: true, no: false, else: true}", 2 / 3, 0),
        ("{'no': false, 'yes ': true, maybe: false}", 1 / 3, 0),
        # A word without a meaning that is no yes or no is a cell that cannot be read.
        ("{yes: true, no: false}", 1 / 2, 1),
    ],
)
def test_words_mean_yes_or_no(folder: Folder, words: str, won: float, unknown: int) -> None:
    """Of `Yes`, `no`, an empty cell and `maybe`: the empty one is never told by else."""
    more = f", values: {{is_won: {words}}}, skip_bad_rows: 100%"
    told = deals(folder, own("amount: Value", more))
    assert told.value("won", JANUARY) == pytest.approx(won)
    assert told.source("deals").not_read.get("unparsable", 0) == unknown


def test_words_mean_other_words_and_the_rest_stays(folder: Folder) -> None:
    words = "{Gewonnen: won, closed won: won, Closed Lost: lost}"
    told = deals(folder, own("amount: Value", f"{ELSE_NO[:-1]}, stage: {words}}}"))
    assert told.split("stages", JANUARY) == {"won": 2, "lost": 1, "qualifiedtobuy": 1}


def test_numbers_of_a_parquet_file_have_words_too(folder: Folder) -> None:
    import polars as pl

    rows = pl.DataFrame(
        {"closed_at": ["2026-01-31"] * 3, "won": [1, 2, None], "stage": [1.0, 2.0, 2.0]}
    )
    folder.put({"deals.parquet": rows.with_columns(amount=1.5)})
    told = folder.tell(f"""
        sources:
          deals:
            path: deals.parquet
            columns: {{is_won: won}}
            values: {{is_won: {{1: true, 2: false}}, stage: {{1: open, 2: done}}}}
        {KPIS.replace(chr(10), chr(10) + "        ")}
        """)
    assert told.value("won", JANUARY) == 1 / 2
    assert told.split("stages", JANUARY) == {"done": 2, "open": 1}


PRESET = ", preset: hubspot_deals"


def test_a_preset_names_the_columns_and_the_words(folder: Folder) -> None:
    """Two of our columns are made of one header; a column that the file lacks is just absent."""
    told = deals(folder, PRESET)
    assert told.value("won", JANUARY) == 1 / 2
    assert told.value("amount", JANUARY) == 110
    assert told.split("stages", JANUARY) == {" closed lost ": 1, "Closed Won": 1}
    assert told.problems == ()


@pytest.mark.parametrize(
    ("keys", "won", "total"),
    [
        (", columns: {amount: Value}", 1 / 2, 15),
        (", values: {is_won: {Gewonnen: true}, is_closed: {Gewonnen: true}}", 2 / 3, 115),
        (", values: {is_won: {CLOSED WON: false}}", 0, 110),
        (", values: {is_won: null}, columns: {is_won: Status}, skip_bad_rows: 1", 1 / 2, 110),
        (", values: {is_won: {else: true}}", 1, 110),
        (", types: {amount: number}, dates: {closed_at: YYYY-MM-DD}", 1 / 2, 110),
        (", key: null, columns: {created_at: null}", 1 / 2, 110),
        (", only_if: {closed_at: null}", 1 / 4, 115),
        (", only_if: null", 1 / 4, 115),
    ],
)
def test_the_authors_own_keys_win_entry_by_entry(
    folder: Folder, keys: str, won: float, total: float
) -> None:
    told = deals(folder, PRESET + keys)
    assert told.value("won", JANUARY) == pytest.approx(won)
    assert told.value("amount", JANUARY) == total


REFUSED = [
    (", preset: hubspot_deal", "wrong_value", "there is no preset 'hubspot_deal'",
     "did you mean hubspot_deals?"),
    (PRESET + ", columns: {amount: [Worth, Wert]}", "missing_column", "no column 'amount'",
     "columns: says Worth or Wert"),
    (PRESET + ", values: {is_won: {Won: true, won: false}}", "wrong_value", "are one word",
     None),
    (PRESET + ", values: {is_won: yes}", "wrong_value", "is_won", None),
    (", values: {is_won: {}}", "wrong_value", "is_won", None),
    (PRESET + ", columns: {amount: []}", "wrong_value", "amount", None),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "code", "message", "hint"), REFUSED)
def test_what_cannot_be_meant_is_refused_at_its_place(
    folder: Folder, keys: str, code: str, message: str, hint: str | None
) -> None:
    folder.put({"deals.csv": ROWS})
    problem = folder.refusal(f"sources: {{deals: {{path: deals.csv{keys}}}}}\n{KPIS}")[0]
    assert problem.code == code
    assert message in problem.message
    assert hint is None or hint in (problem.hint or "")
    assert problem.place is not None
    assert problem.place.line == (2 if code == "wrong_value" else 6)


def test_a_kpi_that_needs_the_day_a_file_lacks_says_so(folder: Folder) -> None:
    """Without the preset's own day the rows are dated by nothing; other days still hold."""
    folder.put({"deals.csv": ROWS})
    kpis = "  all: {kind: count, source: deals, grain: month}\n"
    source = f"{{path: deals.csv{PRESET}, quiet: 1mo}}"
    told = folder.tell(f"sources: {{deals: {source}}}\n{KPIS}{kpis}", as_of=AS_OF)
    (problem,) = told.problems
    assert problem.message == "deals has no column 'created_at'"
    assert problem.hint == "hubspot_deals dates its rows by Create Date"
    assert told.value("won", JANUARY) == 1 / 2


def test_the_expected_close_of_an_open_deal_is_no_close(folder: Folder) -> None:
    """Deal 3 should have been closed by 20 January; it is open still, and so is deal 4."""
    kpis = """
  open: {kind: balance, source: deals, start: created_at, end: closed_at, grain: month}
  closed: {kind: count, source: deals, time: closed_at, grain: month}
  expected: {kind: count, source: deals, time: expected_at, grain: month}
"""
    rows = ROWS.replace(",Value,", ",Create Date,")
    for value in (7, 8, 9, 10):
        rows = rows.replace(f",{value},", ",2026-01-01,")
    folder.put({"deals.csv": rows})
    source = f"sources: {{deals: {{path: deals.csv, quiet: 1mo{PRESET}}}}}\nkpis:{kpis}"
    told = folder.tell(source, as_of=AS_OF)
    assert told.value("closed", JANUARY) == 2
    assert told.value("expected", JANUARY) == 4
    assert told.value("open", JANUARY) == 2
    ungated = source.replace(PRESET, f"{PRESET}, only_if: {{closed_at: null}}")
    assert folder.tell(ungated, as_of=AS_OF).value("open", JANUARY) == 0


def test_what_only_if_names_is_there(folder: Folder) -> None:
    folder.put({"deals.csv": ROWS})
    keys = f"{PRESET}, only_if: {{amount: is_paid}}"
    problem = folder.refusal(f"sources: {{deals: {{path: deals.csv{keys}}}}}\n{KPIS}")[0]
    assert problem.code == "missing_column"
    assert problem.message == "deals has no column 'is_paid'"
