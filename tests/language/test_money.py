"""Money: one currency or a rate for each, whole cents inside, one rounding at the end."""

import polars as pl
import pytest

from language.folder import Folder

DEALS = """
    deal_id,close_date,amount,currency
    D1,2025-01-02,100.00,EUR
    D2,2025-01-10,200.00,USD
    D3,2025-01-31,50.00,usd
    """
RATES = """
    day,currency,rate
    2025-01-01,USD,0.90
    2025-01-10,USD,0.80
    2025-01-20,USD,1.00
    """
SUM = "{kind: sum, source: deals, of: amount, grain: month}"


def test_currency_of_the_project_is_the_unit(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS.replace("currency", "note")}).tell(f"""
        currency: CHF
        sources: {{deals: {{path: deals.csv, time: close_date}}}}
        kpis: {{won: {SUM}}}
        """)
    assert told.outcome.kpis[0].unit == "money:CHF"
    assert told.value("won", "2025-01") == 350


def test_currency_of_a_source_is_the_unit_of_its_amounts(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(f"""
        sources: {{deals: {{path: deals.csv, time: close_date, currency: USD}}}}
        kpis: {{won: {SUM}}}
        """)
    assert told.outcome.kpis[0].unit == "money:USD"


def test_adding_several_currencies_is_an_error_that_names_them(folder: Folder) -> None:
    problem = folder.put({"deals.csv": DEALS}).one_refusal(f"""
        sources: {{deals: {{path: deals.csv, time: close_date, currency_column: currency}}}}
        kpis: {{won: {SUM}}}
        """)
    assert problem.code == "currencies"
    assert "EUR, USD" in problem.message
    assert "rates:" in (problem.hint or "")


@pytest.mark.parametrize(("condition", "code"), [("> 0", None), ("> 60", "currencies")])
def test_a_condition_on_an_amount_asks_for_one_currency_only_where_its_size_matters(
    folder: Folder, condition: str, code: str | None
) -> None:
    told = folder.put({"deals.csv": DEALS}).tell(f"""
        sources: {{deals: {{path: deals.csv, time: close_date, currency_column: currency}}}}
        kpis: {{won: {{kind: count, source: deals, where: amount {condition}, grain: month}}}}
        """)
    assert [problem.code for problem in told.outcome.problems] == ([code] if code else [])
    assert told.value("won", "2025-01") == (None if code else 3)


@pytest.mark.parametrize("header", ["currency", "Currency", "CURRENCY"])
def test_a_column_named_currency_names_them_where_the_source_says_nothing(
    folder: Folder, header: str
) -> None:
    definitions = f"""
        sources: {{deals: {{path: deals.csv, time: close_date}}}}
        kpis: {{won: {SUM}}}
        """
    folder.put({"deals.csv": DEALS.replace("currency", header)})
    problem = folder.one_refusal(definitions)
    assert problem.code == "currencies"
    assert "EUR, USD" in problem.message


def test_a_column_named_currency_that_is_no_text_names_none(folder: Folder) -> None:
    told = folder.put({"deals.csv": "day,currency\n2025-01-02,100\n2025-01-31,20\n"}).tell("""
        sources: {deals: {path: deals.csv, time: day, types: {currency: money}}}
        kpis: {won: {kind: sum, source: deals, of: currency, grain: month}}
        """)
    assert told.value("won", "2025-01") == 120


SIGNED = """
    close_date,amount
    2025-01-02,$80.00
    2025-01-10,{}
    2025-01-31,50.00
    """


@pytest.mark.parametrize("other", ["€80.00", "80.00 €", "EUR 80.00", "(€80.00)", "-€ 80.00"])
def test_signs_of_two_currencies_in_one_column_are_an_error_that_names_them(
    folder: Folder, other: str
) -> None:
    problem = folder.put({"deals.csv": SIGNED.format(other)}).one_refusal(f"""
        sources: {{deals: {{path: deals.csv, time: close_date}}}}
        kpis: {{won: {SUM}}}
        """)
    assert problem.code == "currencies"
    assert "$" in problem.message
    assert ("EUR" if "EUR" in other else "€") in problem.message


@pytest.mark.parametrize("other", ["$80.00", "80.00", "USD 80.00", "US$80.00", "-$80.00"])
def test_one_currency_may_be_written_in_several_ways(folder: Folder, other: str) -> None:
    told = folder.put({"deals.csv": SIGNED.format(other)}).tell(f"""
        sources: {{deals: {{path: deals.csv, time: close_date}}}}
        kpis: {{won: {SUM}}}
        """)
    assert told.value("won", "2025-01") == (50 if "-" in other else 210)


def test_a_condition_that_leaves_one_currency_is_no_error(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell("""
        sources: {deals: {path: deals.csv, time: close_date, currency_column: currency}}
        kpis: {won: {kind: sum, source: deals, of: amount, where: currency = 'EUR', grain: month}}
        """)
    assert told.value("won", "2025-01") == 100
    assert told.problems == ()


RATED = """
sources:
  rates: {path: rates.csv, time: day}
  deals:
    path: deals.csv
    time: close_date
    currency_column: currency
    rates: {source: rates, on: close_date}
"""


def test_rates_convert_by_the_rate_of_the_day_or_the_last_before_it(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS, "rates.csv": RATES}).tell(f"{RATED}kpis: {{won: {SUM}}}")
    # 100 in euros; 200 dollars at 0.80, the rate of that day; 50 at 1.00, of eleven days before.
    assert told.value("won", "2025-01") == 310


def test_an_amount_without_a_rate_is_not_converted_and_counted(folder: Folder) -> None:
    deals = DEALS + "D4,2025-01-15,70.00,GBP\n".join(["    ", ""])
    early = "    D5,2024-12-31,10.00,USD\n"
    told = folder.put({"deals.csv": deals + early, "rates.csv": RATES}).tell(
        f"{RATED}kpis: {{won: {SUM}}}"
    )
    record = told.record("won", "2025-01")
    assert (record.value, record.n, record.left_out) == (310, 3, {"not_converted": 1})
    assert told.record("won", "2024-12").left_out == {"not_converted": 1}


def test_amounts_that_cannot_be_converted_at_all_are_null_with_that_reason(folder: Folder) -> None:
    deals = "deal_id,close_date,amount,currency\nD1,2025-01-31,5,GBP\n"
    told = folder.put({"deals.csv": deals, "rates.csv": RATES}).tell(
        RATED + "kpis: {mean: {kind: average, source: deals, of: amount, grain: month}}"
    )
    record = told.record("mean", "2025-01")
    assert (record.value, record.reason) == (None, "not_converted")


def test_a_count_needs_no_rate(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS}).tell("""
        sources: {deals: {path: deals.csv, time: close_date, currency_column: currency}}
        kpis: {deals: {kind: count, source: deals, grain: month}}
        """)
    assert told.value("deals", "2025-01") == 3
    assert told.problems == ()


def test_cents_are_added_as_whole_numbers(folder: Folder) -> None:
    """Ten times 0.1 is 1, as nobody told the computer otherwise."""
    cents = "".join(f"D{row},2025-01-31,0.1,EUR\n" for row in range(10))
    parquet = pl.DataFrame({"close_date": ["2025-01-31"] * 10, "amount": [0.1] * 10})
    folder.put({"deals.csv": "deal_id,close_date,amount,currency\n" + cents, "d.parquet": parquet})
    for file in ("deals.csv", "d.parquet"):
        told = folder.tell(
            f"sources: {{deals: {{path: {file}, time: close_date, types: {{amount: money}}}}}}\n"
            f"kpis: {{won: {SUM}}}"
        )
        assert told.value("won", "2025-01") == 1.0


def test_an_amount_is_printed_in_its_currency(folder: Folder) -> None:
    told = folder.put({"deals.csv": DEALS.replace("currency", "note")}).tell(f"""
        currency: CHF
        sources: {{deals: {{path: deals.csv, time: close_date}}}}
        kpis: {{won: {SUM}}}
        """)
    assert "CHF 350" in told.written() or "350 CHF" in told.written()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("currency: EUR, currency_column: currency", "not both"),
        ("rates: {source: rates, on: close_date}", "currency_column"),
    ],
)
def test_keys_that_contradict_each_other(folder: Folder, keys: str, message: str) -> None:
    folder.put({"deals.csv": DEALS, "rates.csv": RATES})
    problem = folder.one_refusal(f"""
        sources:
          rates: {{path: rates.csv, time: day}}
          deals: {{path: deals.csv, time: close_date, {keys}}}
        kpis: {{won: {SUM}}}
        """)
    assert message in problem.message


def test_rates_that_cannot_be_read_keep_nobody_else_from_a_number(folder: Folder) -> None:
    folder.put({"deals.csv": DEALS, "rates.csv": "day,currency,rate\nsoon,USD,much\n"})
    told = folder.tell(
        f"{RATED}  other: {{path: deals.csv, time: close_date}}\n"
        f"kpis:\n  won: {SUM}\n  other: {{kind: count, source: other, grain: month}}\n"
    )
    assert told.value("other", "2025-01") == 3
    assert told.record("won", "2025-01").reason == "missing_source"
    assert {one.source for one in told.problems} == {"rates"}
