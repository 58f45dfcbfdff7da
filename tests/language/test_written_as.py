"""Amounts in minor units, ids of Salesforce, numbers of spreadsheets."""

from datetime import date

import polars as pl
import pytest

from language.folder import Folder

AMOUNTS = [("1250", "EUR"), ("-333", "usd"), ("500", "JPY"), ("5124", "KWD"), ("", "EUR"),
           ("0.5", "EUR"), ("7", "")]  # fmt: skip
WHOLE = {"EUR": 12.505, "USD": -3.33, "JPY": 500, "KWD": 5.124, "(none)": 0.07}
RATES = "day,currency,rate\n" + "".join(f"2024-01-01,{one},1\n" for one in WHOLE if one != "(none)")


def payments(kind: str) -> dict[str, str | bytes | pl.DataFrame]:
    """Amounts in their minor units, with the currency of each."""
    if kind == "csv":
        rows = "".join(f"2024-06-01,{amount},{code},{code.upper()}\n" for amount, code in AMOUNTS)
        return {"p.csv": f"day,amount,currency,code\n{rows}"}
    cells = {
        "day": [date(2024, 6, 1)] * len(AMOUNTS),
        "amount": [float(amount) if amount else None for amount, _ in AMOUNTS],
        "currency": [code or None for _, code in AMOUNTS],
        "code": [code.upper() or None for _, code in AMOUNTS],
    }
    return {"p.parquet": pl.DataFrame(cells)}


def test_hundredths_are_shares_of_a_hundred(folder: Folder) -> None:
    folder.put({"rows.csv": "probability\n75\n0\n\n12.5\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, types: {probability: hundredths}}}
        kpis: {mean: {kind: average, source: rows, of: probability}}
        """)
    assert told.value("mean", "snapshot") == pytest.approx(0.875 / 3)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_cents_are_those_of_the_currency_of_each_row(folder: Folder, kind: str) -> None:
    folder.put({**payments(kind), "rates.csv": RATES})
    definitions = f"""
        currency: EUR
        sources:
          rates: {{path: rates.csv}}
          payments:
            path: p.{kind}
            time: day
            types: {{amount: cents}}
            currency_column: currency
            quiet: 1mo
            rates: {{source: rates, on: day}}
        kpis:
          paid: {{kind: sum, source: payments, of: amount, by: [code], grain: month}}
        """
    told = folder.tell(definitions, as_of=date(2024, 7, 1))
    assert told.problems == ()
    found = told.split("paid", "2024-06")
    # Of an amount that names no currency no rate is known.
    assert found == {**WHOLE, "(none)": None}


ONE = [
    ("EUR", "cents", "1999", 19.99),
    ("JPY", "cents", "1999", 1999),
    ("KWD", "cents", "1999", 1.999),
    ("EUR", "cents", "-0.005", -0.0001),
    ("USD", "micros", "1234567", 1.2346),
    ("USD", "micros", "-1999950", -2),
    ("IDR", "micros", "123456789012340000", 123_456_789_012.34),
]


@pytest.mark.parametrize(("currency", "word", "cell", "value"), ONE)
def test_minor_units_of_one_currency(
    folder: Folder, currency: str, word: str, cell: str, value: float
) -> None:
    folder.put({"p.csv": f"amount\n{cell}\n"})
    told = folder.tell(f"""
        currency: {currency}
        sources: {{payments: {{path: p.csv, types: {{amount: {word}}}}}}}
        kpis:
          paid: {{kind: sum, source: payments, of: amount}}
          large: {{kind: count, source: payments, where: amount = {value}}}
        """)
    assert told.value("paid", "snapshot") == pytest.approx(value, abs=1e-9)
    assert told.value("large", "snapshot") == 1


def test_an_amount_that_is_no_number_of_micros_is_unparsable(folder: Folder) -> None:
    folder.put({"p.csv": "amount\n1.5 m\n"})
    (problem,) = folder.tell("""
        sources: {payments: {path: p.csv, types: {amount: micros}}}
        kpis: {paid: {kind: sum, source: payments, of: amount}}
        """).problems
    assert problem.code == "unparsable"


def long_form(short: str) -> str:
    """The id of 18 characters by the published rule, told anew."""
    chunks = (short[:5], short[5:10], short[10:])
    bits = ("".join("1" if sign.isupper() else "0" for sign in reversed(one)) for one in chunks)
    return short + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[int(one, 2)] for one in bits)


def test_short_and_long_ids_are_one(folder: Folder) -> None:
    shorts = ["001A0000006Vm9r", "001a0000006vM9R", "001ABCDEFGHIJKL", "001000000000000"]
    assert long_form(shorts[0]) == "001A0000006Vm9rIAC"
    accounts = "".join(f"{long_form(one)},plan{at}\n" for at, one in enumerate(shorts))
    deals = enumerate([*shorts, "n/a", "", long_form(shorts[0])])
    folder.put(
        {
            "a.csv": f"account_id,plan\n{accounts}",
            "d.csv": "deal,account_id\n" + "".join(f"{at},{one}\n" for at, one in deals),
        }
    )
    told = folder.tell("""
        sources:
          accounts: {path: a.csv, key: account_id, types: {account_id: salesforce_id}}
          deals: {path: d.csv, types: {account_id: salesforce_id}}
        kpis: {deals: {kind: count, source: deals, by: [accounts.plan]}}
        """)
    assert told.split("deals", "snapshot") == {
        "plan0": 2, "plan1": 1, "plan2": 1, "plan3": 1, "(none)": 2,
    }  # fmt: skip
    assert told.source("deals").notes == (
        "deals.account_id: 1 value no Salesforce id, kept as written; the first in d.csv row 5",
    )


SERIALS = [
    ("45631", date(2024, 12, 5)),
    ("45631.99999", date(2024, 12, 5)),
    ("61", date(1900, 3, 1)),
]


@pytest.mark.parametrize(("cell", "day"), SERIALS)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_numbers_of_a_spreadsheet(folder: Folder, cell: str, day: date, kind: str) -> None:
    folder.put({"s.csv": f"day\n{cell}\n", "s.parquet": pl.DataFrame({"day": [float(cell)]})})
    told = folder.tell(f"""
        sources: {{s: {{path: s.{kind}, time: day, dates: {{day: excel}}}}}}
        kpis: {{n: {{kind: count, source: s, grain: month}}}}
        """)
    assert told.source("s").first == day


WRITTEN = [
    "Jun 09, 2018 09:30 pm", "2018-06-09T19:30:06.000+0000", "2018-06-09T19:30:06.000Z",
    "20180609", "6/9/2018 8:51:12", "2018-06-09 08:51:12.402", "2018-06-09 19:51",
]  # fmt: skip


@pytest.mark.parametrize("cell", WRITTEN)
def test_dates_that_products_write(folder: Folder, cell: str) -> None:
    later = cell.replace("09", "29", 1).replace("/9", "/29")
    folder.put({"s.csv": f'day,n\n"{cell}",1\n"{later}",1\n'})
    told = folder.tell("""
        sources: {s: {path: s.csv, time: day}}
        kpis: {n: {kind: count, source: s, grain: month}}
        """)
    assert told.source("s").first == date(2018, 6, 9)
