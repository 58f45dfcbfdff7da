"""What goes wrong in real exports, one test for each: an answer that is right, or a refusal."""

from datetime import date, datetime

import polars as pl
import pytest

from language.folder import Folder

LIST = "sources: {{s: {{path: {path}{more}}}}}\nkpis: {{k: {kpi}}}\n"
COUNT = "{kind: count, source: s}"


def book(path: str, kpi: str, more: str = "") -> str:
    return LIST.format(path=path, kpi=kpi, more=f", {more}" if more else "")


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html>\n<html><body>Leads</body></html>\n",
        "please ask Maria for the newest list of leads\n",
    ],
)
def test_a_page_or_a_line_of_text_is_no_table(folder: Folder, content: str) -> None:
    told = folder.put({"Leads.csv": content}).tell(book("Leads.csv", COUNT))
    assert told.codes == ["not_csv"]
    assert "Leads.csv" in told.problems[0].message


def test_prose_above_and_tabs_behind_cost_no_answer(folder: Folder) -> None:
    told = folder.put({"a.csv": "Answers of our guests\n9\n9\t\n9\t\t\t\t\n3\n"}).tell(
        book("a.csv", "{kind: nps, source: s, of: score}", "skip_lines: 1, header: [score]")
    )
    assert told.value("k", "snapshot") == 50
    assert told.record("k", "snapshot").n == 4


PIPELINE = """
sources:
  deals: {path: deals.csv}
  products: {path: products.csv, key: product}
kpis:
  won: {kind: sum, source: deals, of: amount, by: [products.series]}
"""


def test_a_misspelt_partner_loses_no_deal_and_is_counted(folder: Folder) -> None:
    told = folder.put(
        {
            "deals.csv": "product,amount\nGTXPro,100\nGTX Pro,10\nMG,1\n",
            "products.csv": "product,series\nGTX Pro,GTX\nMG,MG\n",
        }
    ).tell(PIPELINE)
    assert told.value("won", "snapshot") == 111
    assert told.split("won", "snapshot") == {"(none)": 100, "GTX": 10, "MG": 1}
    assert [one.lost for one in told.source("deals").joined] == [1]


def test_days_that_nobody_can_tell_from_months_are_asked_for(folder: Folder) -> None:
    folder.put({"d.csv": "at\n03-04-2025\n05-04-2025\n"})
    kpi = "{kind: count, source: s, grain: day}"
    told = folder.tell(book("d.csv", kpi, "time: at"))
    assert "dates:" in (told.problems[0].hint or "")
    told = folder.tell(book("d.csv", kpi, "time: at, dates: DD-MM-YYYY"))
    assert told.value("k", "2025-04-03") == 1


def test_the_last_day_of_a_month_has_hours(folder: Folder) -> None:
    folder.put({"e.csv": "at\n2025-06-29 10:00\n2025-06-30 00:00\n2025-06-30 23:59\n"})
    folder.put({"more.csv": "at\n2025-07-01 00:00\n"})
    told = folder.tell(book("'*.csv'", "{kind: count, source: s, grain: month}", "time: at"))
    assert told.value("k", "2025-06") == 3


def test_dates_as_text_and_ids_as_fractions_within_parquet(folder: Folder) -> None:
    frame = pl.DataFrame({"at": ["2025-01-31", "2025-02-01"], "account": [12346.0, 7.0]})
    folder.put({"d.parquet": frame, "accounts.csv": "account,plan\n12346,pro\n7,free\n"})
    told = folder.tell("""
        sources:
          d: {path: d.parquet, time: at}
          accounts: {path: accounts.csv, key: account}
        kpis: {k: {kind: count, source: d, grain: month, by: [accounts.plan]}}
        """)
    assert told.split("k", "2025-01") == {"pro": 1}


def test_a_byte_order_mark_and_a_column_without_a_name(folder: Folder) -> None:
    table = "\N{ZERO WIDTH NO-BREAK SPACE}user_backet,,Convertions\na,0,5\nb,1,6\n"
    folder.put({"ab.csv": table.encode("utf-8")})
    told = folder.tell(book("ab.csv", "{kind: sum, source: s, of: convertions, by: [user_backet]}"))
    assert told.split("k", "snapshot") == {"b": 6, "a": 5}


@pytest.mark.parametrize("null", ["Select", " ", r"\N", " --"])
def test_what_means_nothing_is_nothing(folder: Folder, null: str) -> None:
    folder.put({"n.csv": f"id,amount\n1,10\n2,{null}\n3,20\n"})
    nulls = r"nulls: [Select, '\N', ' --']"
    told = folder.tell(book("n.csv", "{kind: average, source: s, of: amount}", nulls))
    assert told.problems == ()
    assert told.value("k", "snapshot") == 15


def test_a_lost_deal_is_no_deal_of_nothing(folder: Folder) -> None:
    folder.put(
        {
            "deals.csv": """
            deal_id,created_at,closed_at,is_won,is_closed,amount
            1,2025-01-02,2025-01-20,yes,yes,100
            2,2025-01-03,2025-01-21,no,yes,0
            3,2025-01-04,2025-02-01,no,yes,0
            """
        }
    )
    told = folder.tell(
        """
        currency: EUR
        sources: {deals: {path: deals.csv, key: deal_id, start: created_at, end: closed_at}}
        kpis: {k: {use: average_deal_size, grain: month}}
        """,
        as_of=date(2025, 3, 1),
    )
    assert told.value("k", "2025-01") == 100


def test_objects_within_a_cell(folder: Folder) -> None:
    folder.put({"j.csv": 'id,metadata\n1,"{""plan"": ""pro, yearly"", ""seats"": 3}"\n2,\n'})
    told = folder.tell(
        book("j.csv", "{kind: sum, source: s, of: metadata.seats, by: [metadata.plan]}")
    )
    assert told.split("k", "snapshot") == {"pro, yearly": 3, "(none)": None}


@pytest.mark.parametrize(
    ("written", "kind", "amount"),
    [
        ("$125000", "money", 125_000),
        ("£1001", "money", 1001),
        ('"1,751"', "money", 1751),
        ("27.78%", "percent", 0.2778),
        ("1900", "cents", 19),
    ],
)
def test_amounts_as_products_write_them(
    folder: Folder, written: str, kind: str, amount: float
) -> None:
    sign = {"$": "USD", "£": "GBP"}.get(written[0], "EUR")
    folder.put({"m.csv": f"id,amount\n1,{written}\n"})
    kpi = "{kind: sum, source: s, of: amount}"
    more = f"types: {{amount: {kind}}}, thousands: ',', currency: {sign}"
    told = folder.tell(f"currency: {sign}\n" + book("m.csv", kpi, more))
    assert told.value("k", "snapshot") == amount


def test_seconds_are_no_dates_until_said(folder: Folder) -> None:
    folder.put({"p.parquet": pl.DataFrame({"t": [int(datetime(2025, 1, 31, 12).timestamp())]})})
    kpi = "{kind: count, source: s, grain: day}"
    told = folder.tell(book("p.parquet", kpi, "time: t, dates: {t: seconds}"))
    assert told.source("s").first == date(2025, 1, 31)
