"""Reading a file: how it is written, and what its columns hold."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from language.folder import Folder, Told

KPIS = """
kpis:
  amount: {kind: sum, source: rows, of: amount, grain: month}
  rows: {kind: count, source: rows, grain: month}
"""
PLAIN = "day,amount\n2025-01-02,1200.5\n2025-01-31,99.5\n"


def january(folder: Folder, keys: str = "", names: str = "") -> Told:
    """The KPIs over rows.csv, with more keys on its source."""
    return folder.tell(f"sources: {{rows: {{path: rows.csv, time: day{keys}}}}}\n{KPIS}{names}")


SEPARATORS = [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")]


@pytest.mark.parametrize(("sign", "name"), SEPARATORS)
def test_a_separator_is_found_by_itself_or_said(folder: Folder, sign: str, name: str) -> None:
    folder.put({"rows.csv": PLAIN.replace(",", sign)})
    assert january(folder).value("amount", "2025-01") == 1300
    assert january(folder, f", separator: {name}").value("amount", "2025-01") == 1300


def test_an_encoding_is_said(folder: Folder) -> None:
    text = "day,amount,plan\n2025-01-31,1,café\n"
    folder.put({"rows.csv": text.encode("cp1252")})
    told = january(
        folder, ", encoding: cp1252",
        "  plans: {kind: count, source: rows, grain: month, by: [plan]}",
    )  # fmt: skip
    assert told.split("plans", "2025-01") == {"café": 1}


def test_skip_lines_and_footer_from(folder: Folder) -> None:
    folder.put(
        {"rows.csv": "Report of deals\nmade by CRM\n\n" + PLAIN + "Confidential,\nsee page 2,\n"}
    )
    told = january(folder, ', skip_lines: 3, footer_from: "Confidential"')
    assert told.value("amount", "2025-01") == 1300
    assert told.value("rows", "2025-01") == 2


def test_header_for_a_file_that_has_none(folder: Folder) -> None:
    folder.put({"rows.csv": "9\n10\n3\n"})
    told = folder.tell("""
        sources: {answers: {path: rows.csv, header: [score]}}
        kpis: {nps: {kind: score, source: answers, of: score}}
        """)
    only = told.record("nps", "snapshot")
    assert only.n == 3
    assert only.value == pytest.approx(100 / 3)


NUMBERS = [
    ("point", "1234.5", ""),
    ("comma", '"1234,5"', ", decimal: comma"),
    ("comma and point", '"1.234,5"', ", decimal: comma, thousands: point"),
    ("point and comma", '"1,234.5"', ", thousands: comma"),
    ("space", "1 234.5", ", thousands: space"),
    ("apostrophe", "1'234.5", ", thousands: apostrophe"),
]


@pytest.mark.parametrize(("name", "cell", "keys"), NUMBERS)
def test_decimal_and_thousands(folder: Folder, name: str, cell: str, keys: str) -> None:
    folder.put({"rows.csv": f"day,amount\n2025-01-31,{cell}\n"})
    assert january(folder, keys).value("amount", "2025-01") == 1234.5, name


def test_nulls_are_texts_that_mean_no_value(folder: Folder) -> None:
    folder.put(
        {"rows.csv": "day,amount,plan\n2025-01-02,5,Select\n2025-01-03,\\N, --\n2025-01-31,7,pro\n"}
    )
    told = january(
        folder, r", nulls: [Select, '\N', ' --']",
        "  plans: {kind: count, source: rows, grain: month, by: [plan]}",
    )  # fmt: skip
    assert told.value("amount", "2025-01") == 12
    assert told.record("amount", "2025-01").left_out == {"unknown": 1}
    assert told.split("plans", "2025-01") == {"pro": 1, "(none)": 2}


TYPES = [
    ("text", "007", "plan = '007'"),
    ("number", "1e3", "plan = 1000"),
    ("money", "12.34", "plan = 12.34"),
    ("percent", "12.5%", "plan = 0.125"),
    ("date", "2025-01-05", "plan < '2025-01-06'"),
    ("time", "2025-01-05 10:30:00", "plan >= '2025-01-05 10:30'"),
    ("yes_no", "Yes", "plan"),
]


@pytest.mark.parametrize(("kind", "cell", "condition"), TYPES)
def test_types(folder: Folder, kind: str, cell: str, condition: str) -> None:
    folder.put({"rows.csv": f"day,amount,plan\n2025-01-31,1,{cell}\n"})
    told = january(
        folder, f", types: {{plan: {kind}}}",
        f"  plans: {{kind: count, source: rows, grain: month, where: \"{condition}\"}}",
    )  # fmt: skip
    assert told.value("plans", "2025-01") == 1
    assert told.record("plans", "2025-01").left_out == {}


DATES = [
    ("DD-MM-YY", "05-02-25"),
    ("MM/DD/YYYY", "02/05/2025"),
    ("D.M.YYYY", "5.2.2025"),
    ("DD MMM YYYY", "05 Feb 2025"),
    ("YYYYMMDD", "20250205"),
    ("MM/DD/YYYY hh:mm:ss am", "02/05/2025 03:10:00 PM"),
]


@pytest.mark.parametrize(("pattern", "cell"), DATES)
def test_dates_are_written_as_in_a_spreadsheet(folder: Folder, pattern: str, cell: str) -> None:
    folder.put({"rows.csv": f"day,amount\n{cell},1\n"})
    told = january(folder, f", dates: '{pattern}'")
    assert told.source("rows").first == date(2025, 2, 5)
    assert told.source("rows").last == date(2025, 2, 5)


def test_dates_per_column(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount,due\n02/01/2025,1,02/01/2025\n31/01/2025,1,03/01/2025\n"})
    told = january(
        folder, ", dates: {day: DD/MM/YYYY, due: MM/DD/YYYY}",
        "  due: {kind: count, source: rows, grain: month, where: due >= '2025-03-01'}",
    )  # fmt: skip
    # The first due is 1 February, the second 1 March.
    assert told.value("due", "2025-01") == 1


def test_ambiguous_dates_are_not_guessed(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n02/01/2025,1\n03/01/2025,1\n"})
    problem = next(one for one in folder.refusal(
        f"sources: {{rows: {{path: rows.csv, time: day}}}}\n{KPIS}"
    ))  # fmt: skip
    assert problem.code == "ambiguous_dates"
    assert "DD/MM/YYYY" in (problem.hint or "")
    assert "MM/DD/YYYY" in (problem.hint or "")


def test_zone_is_that_of_times_written_without_one(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n2025-01-31 23:30:00,1\n2025-01-31 12:00:00,2\n"})
    keys = "timezone: Europe/Berlin\nsources: {rows: {path: rows.csv, time: day%s}}\n" + KPIS
    # Half past eleven at night in London is half past midnight in Berlin, in February.
    utc = folder.tell(keys % ", zone: UTC")
    assert utc.value("amount", "2025-01") == 2
    here = folder.tell(keys % "")
    assert here.value("amount", "2025-01") == 3


def test_a_time_that_says_its_zone_keeps_it(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n2025-01-31T23:30:00Z,1\n2025-01-31T23:30:00+01:00,2\n"})
    told = folder.tell(
        "timezone: Europe/Berlin\nsources: {rows: {path: rows.csv, time: day}}\n" + KPIS
    )
    assert told.value("amount", "2025-01") == 2


def test_skip_bad_rows_is_how_much_may_be_unreadable(folder: Folder) -> None:
    cells = "\n".join(f"2025-01-{day:02},{'abc' if day == 7 else 1}" for day in range(1, 32))
    folder.put({"rows.csv": f"day,amount\n{cells}\n"})
    # One of 31 cells is no number: more than 1 %, less than 5 %.
    problem = next(iter(january(folder).problems))
    assert problem.code == "unparsable"
    assert "1 of 31" in problem.message
    assert "rows.csv row 7: 'abc'" in (problem.hint or "")
    told = january(folder, ", skip_bad_rows: 5%")
    record = told.record("amount", "2025-01")
    assert (record.value, record.left_out) == (30, {"unparsable": 1})
    assert told.source("rows").not_read == {"unparsable": 1}
    assert (told.source("rows").spots[0].row, told.source("rows").spots[0].text) == (7, "abc")


def test_extra_empty_fields_at_a_rows_end_are_dropped_and_counted(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n2025-01-02,1,,\n2025-01-31,2\n"})
    told = january(folder)
    assert told.value("amount", "2025-01") == 3
    assert any("1 row" in note and "empty" in note for note in told.source("rows").notes)


HEADERS = [
    ("Close Date", "close_date"),
    ("MonthlyCharges", "monthly_charges"),
    ("closeDate", "close_date"),
    ("CLOSE DATE", "close_date"),
]


@pytest.mark.parametrize(("header", "name"), HEADERS)
def test_a_header_is_also_known_by_its_plain_form(folder: Folder, header: str, name: str) -> None:
    folder.put({"rows.csv": f"day,amount,{header}\n2025-01-31,1,5\n"})
    told = january(folder, "", f"  told: {{kind: sum, source: rows, of: {name}, grain: month}}")
    assert told.value("told", "2025-01") == 5


def test_two_headers_with_one_plain_form_are_an_error(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount,Close Date,close_date\n2025-01-31,1,5,6\n"})
    told = january(folder, "", "  told: {kind: sum, source: rows, of: close_date, grain: month}")
    [problem] = told.problems
    assert (problem.code, problem.kpi) == ("ambiguous_column", "told")
    assert "Close Date" in problem.message
    assert told.value("amount", "2025-01") == 1


def test_columns_map_our_names_to_headers(folder: Folder) -> None:
    folder.put({"rows.csv": "Datum,Betrag (EUR)\n2025-01-31,7\n"})
    told = january(folder, ", columns: {day: Datum, amount: 'Betrag (EUR)'}")
    assert told.value("amount", "2025-01") == 7


def test_a_date_column_never_moves_between_zones(folder: Folder) -> None:
    days = pl.DataFrame({"day": [date(2025, 1, 31), date(2025, 1, 1)], "amount": [1, 2]})
    folder.put({"rows.parquet": days, "rows.csv": "day,amount\n2025-01-31,1\n2025-01-01,2\n"})
    for file in ("rows.csv", "rows.parquet"):
        told = folder.tell(
            "timezone: Pacific/Auckland\n"
            f"sources: {{rows: {{path: {file}, time: day, zone: UTC}}}}\n{KPIS}"
        )
        assert told.value("amount", "2025-01") == 3, file


def test_nor_does_a_time_column_that_is_midnight_throughout(folder: Folder) -> None:
    times = [datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 31, tzinfo=UTC)]
    folder.put(
        {
            "rows.parquet": pl.DataFrame({"day": times, "amount": [1, 2]}),
            "rows.csv": "day,amount\n2025-01-01 00:00:00,1\n2025-01-31 00:00:00,2\n",
        }
    )
    for file in ("rows.csv", "rows.parquet"):
        # West of London, midnight in UTC is the evening before.
        told = folder.tell(
            "timezone: America/New_York\n"
            f"sources: {{rows: {{path: {file}, time: day, zone: UTC}}}}\n{KPIS}"
        )
        assert told.value("amount", "2025-01") == 3, file


CLOSED_ON = """
    opened,closed
    2025-01-02 10:00,2025-01-04
    2025-01-31 18:30,2025-02-01
    """


@pytest.mark.parametrize("types", ["", ", types: {closed: time}"])
def test_a_date_beside_a_time_is_its_first_instant(folder: Folder, types: str) -> None:
    told = folder.put({"rows.csv": CLOSED_ON}).tell(f"""
        timezone: Europe/Berlin
        sources: {{rows: {{path: rows.csv, time: opened{types}}}}}
        kpis:
          hours: {{kind: sum, source: rows, of: "hours_between(opened, closed)", grain: month}}
          days: {{kind: sum, source: rows, of: "days_between(opened, closed)", grain: month}}
        """)
    # 38 hours to midnight two days later, 5.5 to the next midnight; 2 and 1 calendar days.
    assert told.value("hours", "2025-01") == 43.5
    assert told.value("days", "2025-01") == 3


def test_a_declared_time_that_is_midnight_throughout_is_a_time_that_does_not_move(
    folder: Folder,
) -> None:
    folder.put({"rows.csv": "opened,closed\n2025-01-01,2025-01-02\n2025-01-31,2025-02-02\n"})
    told = folder.tell("""
        timezone: America/New_York
        sources:
          rows: {path: rows.csv, time: opened, zone: UTC, types: {opened: time, closed: time}}
        kpis:
          rows: {kind: count, source: rows, grain: month}
          hours: {kind: sum, source: rows, of: "hours_between(opened, closed)", grain: month}
        """)
    assert told.value("rows", "2025-01") == 2
    assert told.value("hours", "2025-01") == 72


def test_one_time_that_is_not_midnight_moves_them_all(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n2025-02-01 00:00:00,1\n2025-01-31 12:00:00,2\n"})
    told = folder.tell(
        "timezone: America/New_York\n"
        f"sources: {{rows: {{path: rows.csv, time: day, zone: UTC}}}}\n{KPIS}"
    )
    assert told.value("amount", "2025-01") == 3


def test_a_file_with_a_header_and_no_rows_is_an_answer(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n", "other.csv": "day,amount\n2025-01-31,1\n"})
    told = folder.tell(
        f"""
sources:
  rows: {{path: rows.csv, time: day}}
  other: {{path: other.csv, time: day}}
{KPIS}  others: {{kind: count, source: other, grain: month}}
"""
    )
    assert told.problems == ()
    assert told.value("others", "2025-01") == 1
    # Nothing says which days the file covers, so nothing is 0.
    assert told.value("rows", "2025-01") is None
    assert told.source("rows").rows == 0


def test_a_list_with_a_header_and_no_rows_counts_nothing(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv}}
        kpis:
          rows: {kind: count, source: rows}
          mean: {kind: average, source: rows, of: amount}
        """)
    assert told.value("rows", "snapshot") == 0
    assert told.record("mean", "snapshot").reason == "no_rows"


def test_a_file_without_even_a_header_is_an_error(folder: Folder) -> None:
    folder.put({"rows.csv": ""})
    problem = next(iter(january(folder).problems))
    assert problem.code == "empty_file"


def test_an_undeclared_column_takes_the_type_its_use_asks_for_else_text(folder: Folder) -> None:
    folder.put({"rows.csv": "day,amount,code\n2025-01-02,1,007\n2025-01-31,1,7\n"})
    told = january(
        folder, "",
        "  as_number: {kind: sum, source: rows, of: code, grain: month}\n",
    )  # fmt: skip
    assert told.value("as_number", "2025-01") == 14
    told = january(
        folder, "",
        "  as_text: {kind: count, source: rows, grain: month, by: [code]}\n",
    )  # fmt: skip
    assert told.split("as_text", "2025-01") == {"007": 1, "7": 1}


def test_every_column_that_cannot_be_read_shows_its_first_cell(folder: Folder) -> None:
    folder.put({"rows.csv": "day,a,b\n2025-01-30,x,y\n2025-01-31,z,1\n"})
    told = folder.tell("""
        sources: {rows: {path: rows.csv, time: day}}
        kpis: {sum: {kind: sum, source: rows, of: a + b, grain: month}}
        """)
    hints = {one.message.split(":")[0]: one.hint or "" for one in told.problems}
    assert "rows.csv row 1: 'x'" in hints["rows.a"]
    assert "rows.csv row 1: 'y'" in hints["rows.b"]
