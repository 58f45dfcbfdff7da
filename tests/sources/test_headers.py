"""Our names found among a file's headers."""

import polars as pl
import pytest

from kpicli.sources.headers import match_columns, plain_form
from kpicli.sources.reading import Header

PLAIN = {
    "Close Date": "close_date",
    "MonthlyCharges": "monthly_charges",
    "customerID": "customer_id",
    "Amount (EUR)": "amount_eur",
    "Deal - Won time": "deal_won_time",
    "GTXPro": "gtx_pro",
    "retention_1": "retention_1",
    "Conv. value": "conv_value",
    "Größe": "größe",
    "ARR": "arr",
    "% of plan": "percent_of_plan",
    "#": "number",
    "column 1": "column_1",
    "HTTPStatus2xx": "http_status2xx",
    "Won?": "won",
}


@pytest.mark.parametrize(("header", "plain"), PLAIN.items())
def test_plain_form(header: str, plain: str) -> None:
    assert plain_form(header) == plain


def header_of(*names: str) -> Header:
    return Header(names, (pl.String(),) * len(names))


MATCHED = {
    "exact": (("close_date",), {}, "close_date"),
    "plain form": (("Close Date",), {}, "Close Date"),
    "declared": (("x", "Closed"), {"close_date": ("Closed",)}, "Closed"),
    "declared in plain form": (("Deal - Close",), {"close_date": ("deal_close",)}, "Deal - Close"),
    "declared among two alike": (
        ("Close Date", "close_date"),
        {"close_date": ("Close Date",)},
        "Close Date",
    ),
}


@pytest.mark.parametrize(("names", "declared", "found"), MATCHED.values(), ids=MATCHED)
def test_matched(names: tuple[str, ...], declared: dict[str, tuple[str, ...]], found: str) -> None:
    matched = match_columns("deals.csv", header_of(*names), ["close_date"], declared)
    assert (matched.headers, matched.problems) == ({"close_date": found}, ())


WRONG = {
    "two alike": (("Close Date", "close_date"), "ambiguous_column", "columns: {close_date:"),
    "two equal": (("Close Date", "Close Date"), "ambiguous_column", "different names"),
    "unknown": (("Closing Date", "Stage"), "missing_column", "did you mean Closing Date?"),
    "prose above": (
        ("Net promoter score is a market research metric that is based on a single question",),
        "missing_column",
        "skip_lines",
    ),
}


@pytest.mark.parametrize(("names", "code", "hint"), WRONG.values(), ids=WRONG)
def test_not_matched(names: tuple[str, ...], code: str, hint: str) -> None:
    matched = match_columns("deals.csv", header_of(*names), ["close_date"], {})
    (problem,) = matched.problems
    assert (problem.code, matched.headers) == (code, {})
    assert hint in (problem.hint or "")


def test_all_problems_at_once() -> None:
    matched = match_columns("deals.csv", header_of("a", "B"), ["x", "b", "y"], {})
    assert matched.headers == {"b": "B"}
    assert [problem.message for problem in matched.problems] == [
        "deals.csv has no column x",
        "deals.csv has no column y",
    ]
