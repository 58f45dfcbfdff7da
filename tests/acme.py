"""A run written by hand that has every case a report meets: week 38 of 2025 at Acme."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from kpicli.errors import Place, Problem
from kpicli.results import (
    Card,
    Comparison,
    FileRecord,
    Meta,
    Outcome,
    Result,
    SourceRecord,
    Spot,
    Summary,
    Verdict,
)

AS_OF = date(2025, 9, 22)
FILE = "kpi_definitions.yaml"
WEEKS = 13
ADOPTION = (0.201, 0.212, 0.214, 0.227, 0.238, 0.251, 0.25, 0.268, 0.274, 0.281, 0.289, 0.298,
            0.315)  # fmt: skip
ENTERPRISE = (0.44, 0.46, 0.47, 0.49, 0.5, 0.51, 0.52, 0.52, 0.53, 0.54, 0.545, 0.55, 0.542)
PRO = (0.17, 0.18, 0.18, 0.19, 0.2, 0.21, 0.21, 0.23, 0.24, 0.24, 0.25, 0.26, 0.29958)
ACTIVE = (6310, 6402, 6388, 6510, 6604, 6720, 6698, 6790, 6840, 6902, 6955, 7020, 7149)
CONVERSION = (0.11, 0.12, 0.118, 0.121, 0.13, 0.128, 0.127, 0.131, 0.133, 0.129, 0.135, 0.136, None)
NPS = (31.0, 28.5, 30.2, None, 29.4, 27.1, 26.5, 28.0, 25.2, 24.9, 23.1, 24.0, 23.7)
RETENTION = (1.02, 1.018, 1.015, 1.01, 1.012, 1.004, 0.998, 0.995, 0.99, 0.987, 0.981, 0.974, 0.971)
SPEND = (812.0, 790.5, 805.25, 770.0, 764.1, 801.0, 822.4, 799.0, 812.3, 805.0, None, None, None)
WON = (402_311.0, 388_120.0, 501_400.0, 455_090.0, 610_022.5, 480_311.0, 512_908.0, 498_700.0,
       530_410.0, 611_208.0, 590_304.0, 645_118.0, 702_660.4)  # fmt: skip
CYCLE = (38, 39, 37, 40, 41, 42, 40, 43, 44, 45, 47, 49, 52)
CHURN = (0.031, 0.029, 0.028, 0.03, 0.026, 0.024, 0.023, 0.021, 0.024, 0.022, 0.02, 0.023, 0.024)


def weeks() -> list[tuple[str, date, date]]:
    """The 13 weeks to 21 September 2025: label, first day, day after the last."""
    monday = date(2025, 6, 23)
    return [
        (f"2025-W{26 + step}", day, day + timedelta(days=7))
        for step in range(WEEKS)
        for day in [monday + timedelta(days=7 * step)]
    ]


def months() -> list[tuple[str, date, date]]:
    """The 13 months to August 2025."""
    cut = [date(2024 + (7 + step) // 12, (7 + step) % 12 + 1, 1) for step in range(WEEKS + 1)]
    return [(f"{start:%Y-%m}", start, end) for start, end in pairwise(cut)]


def trend(
    kpi: str, values: Sequence[float | None], grain: str = "week", n: int = 1200, **fields: Any
) -> list[Result]:
    """A result per period; status and reason are those of the newest one."""
    share, status, reason = (fields.pop(key, None) for key in ("share", "status", "reason"))
    periods = months() if grain == "month" else weeks()
    found = []
    for position, (value, (label, start, end)) in enumerate(zip(values, periods, strict=True)):
        before = values[position - 1] if position else None
        amounts: dict[str, Any] = {"value": value, "numerator": value, "n": n if value else 0}
        if share and value is not None:
            amounts |= {"numerator": value * n, "denominator": float(n)}
            amounts |= {"low": value - 0.02, "high": value + 0.02}
        if position == len(values) - 1:
            amounts |= {"status": status, "reason": reason}
        elif value is None:
            amounts |= {"reason": "no_rows"}
        compare = {"previous": _compared(value, before, bool(share))}
        found.append(Result(kpi, grain, label, start, end, compare=compare, **amounts, **fields))
    return found


def acme_outcome() -> Outcome:
    """Twelve KPIs: met, near, missed, split two ways, immature, stale, muted, monthly, a list."""
    results = _results()
    verdicts = _verdicts(results)
    summary = Summary(targets=9, green=1, yellow=2, red=3, no_data=2, muted=1)
    return Outcome(_meta(), _cards(), tuple(results), verdicts, _problems(), summary)


def calm_outcome() -> Outcome:
    """One KPI that meets its target, nothing left out and nothing wrong."""
    whole = acme_outcome()
    results = trend("wau", ACTIVE, target=7000.0, status="green")
    card = replace(next(card for card in whole.kpis if card.name == "wau"), group=None)
    verdict = Verdict("wau", {}, results[-1], "green", None, None, (), None)
    meta = replace(whole.meta, sources=(), report=None)
    return Outcome(meta, (card,), tuple(results), (verdict,), (), Summary(targets=1, green=1))


def _compared(value: float | None, before: float | None, share: bool) -> Comparison:
    if value is None or before is None:
        return Comparison(before, None, None)
    growth = None if share or before <= 0 else (value - before) / before
    return Comparison(before, value - before, growth)


def _card(name: str, title: str, group: str | None, kind: str, unit: str, **more: Any) -> Card:
    plain: dict[str, Any] = {"counts": "users", "grain": "week", "better": "higher", "line": 40}
    plain |= {"definition": f"{title}.", "file": FILE}
    return Card(name, title, group, kind, unit, **(plain | more))


def _cards() -> tuple[Card, ...]:
    product, growth, money = "Product health", "Customer growth", "Money"
    return (
        _card(
            "report_adoption", "Adoption of reports, 28 days", product, "adoption", "ratio",
            definition="Share of eligible users who created a report in the 28 days before the "
            "end of the period.",
            window="28d", owner=("Product", "Customer success"),
            if_red="Start a guided tour for the plans below target",
            if_green="Offer it to the next wave", decides="What the onboarding team builds next",
            notes={"2025-07-30": "onboarding rewritten"}, sources=("events", "accounts"), line=41,
        ),
        _card("wau", "Weekly active users", product, "active", "count", sources=("events",)),
        _card(
            "trial_conversion", "Trials that pay within 7 days", product, "conversion", "ratio",
            window="7d", sources=("events",), line=70,
        ),
        _card(
            "nps", "Net promoter score", product, "score", "score", counts="answers",
            owner=("Customer success",), if_red="Call the detractors", sources=("answers",),
            line=80,
        ),
        _card(
            "nrr", "Net revenue retention, 12 months", growth, "recurring", "ratio",
            counts="accounts", window="12mo", owner=("Customer success",),
            if_red="Review the renewals of the next 90 days", sources=("subscriptions",), line=95,
        ),
        _card(
            "churn", "Logo churn", growth, "recurring", "ratio", counts="accounts", grain="month",
            better="lower", owner=("Customer success",), sources=("subscriptions",), line=104,
        ),
        _card(
            "cac", "Cost of acquiring a customer", growth, "ratio", "money:EUR", counts="rows",
            better="lower", owner=("Marketing",), sources=("spend", "accounts"), line=110,
        ),
        _card("won", "Won revenue", money, "sum", "money:EUR", counts="deals", sources=("deals",)),
        _card(
            "cycle", "Sales cycle, median", money, "percentile", "days", counts="deals",
            better="lower", owner=("Sales",), if_red="Look at the deals older than 60 days",
            sources=("deals",), line=130,
        ),
        _card("charge", "Average charge", money, "average", "money:USD", counts="customers"),
        _card(
            "reply", "First replies within an hour", "Service", "share", "ratio", counts="tickets",
            owner=("Support",), sources=("tickets",), line=150,
        ),
        _card(
            "ltv", "Customer lifetime value", None, "formula", "money:EUR", grain="week",
            formula="arpa * gross_margin / revenue_churn", owner=("Finance",),
            sources=("costs",), line=160,
        ),
    )  # fmt: skip


def _results() -> list[Result]:
    stale = [
        replace(result, complete=False, reason="stale_source") if result.value is None else result
        for result in trend("cac", SPEND, target=900.0, n=2140)
    ]
    charge = Result("charge", "snapshot", None, None, None, value=64.76169246059918, n=7043)
    running = Result(
        "wau", "week", "2025-W39", date(2025, 9, 22), date(2025, 9, 29), complete=False,
        value=3120.0, numerator=3120.0, n=3120, reason="running",
    )  # fmt: skip
    return [
        *trend("report_adoption", ADOPTION, share=True, n=4210, target=0.3, yellow=0.27,
               status="green", left_out={"immature": 212, "excluded": 31}),
        *trend("report_adoption", ENTERPRISE, share=True, n=640, target=0.6, yellow=0.54,
               status="yellow", by={"plan": "enterprise"}),
        *trend("report_adoption", PRO, share=True, n=2010, target=0.3, yellow=0.27,
               status="yellow", by={"plan": "pro"}),
        *trend("report_adoption", PRO, share=True, n=1100, by={"size": "enterprise"}),
        *trend("report_adoption", ADOPTION, share=True, n=44, by={"size": "(none)"},
               target=0.3, status=None, reason="too_few"),
        *trend("wau", ACTIVE, n=7149, left_out={"excluded": 31}),
        running,
        *trend("trial_conversion", CONVERSION, share=True, n=310, reason="immature"),
        *trend("nps", NPS, n=412, target=30.0, status="red"),
        *trend("nps", [41.2] * WEEKS, part="promoters", n=412),
        *trend("nrr", RETENTION, share=True, n=388, target=1.05, yellow=1.02, status="red"),
        *trend("churn", CHURN, grain="month", share=True, n=401, target=0.02, yellow=0.03,
               reason="other_grain"),
        *stale,
        *trend("won", WON, n=48, left_out={"not_converted": 2}),
        *trend("cycle", CYCLE, n=48, target={"from": 20.0, "to": 40.0}, status="red"),
        charge,
        *trend("reply", [*[0.8] * 12, None], share=True, n=90, target=0.75, status="no_data",
               reason="no_rows"),
        *trend("ltv", [None] * WEEKS, target=9000.0, status="no_data", reason="missing_source"),
    ]  # fmt: skip


def _verdicts(results: Sequence[Result]) -> tuple[Verdict, ...]:
    def newest(kpi: str, by: Mapping[str, str] | None = None) -> Result:
        found = [one for one in results if one.kpi == kpi and one.by == (by or {}) and not one.part]
        return [one for one in found if one.complete][-1]

    def verdict(kpi: str, short: float | None, place: Mapping[str, str] | None = None,
                **more: Any) -> Verdict:  # fmt: skip
        card = next(card for card in _cards() if card.name == kpi)
        result = newest(kpi, place)
        plain: dict[str, Any] = {
            "status": result.status,
            "reason": result.reason,
            "owner": card.owner,
        }
        plain |= {"if_red": card.if_red, "file": card.file, "line": card.line}
        return Verdict(kpi, place or {}, result, short=short, **(plain | more))

    return (
        verdict("report_adoption", None),
        verdict("report_adoption", 0.058, {"plan": "enterprise"}, owner=("Product",)),
        verdict("report_adoption", 0.00042, {"plan": "pro"}, owner=("Product",)),
        verdict("nps", 6.3),
        verdict("nrr", 0.079),
        verdict("cac", None, status="no_data", reason="stale_source"),
        verdict("cycle", 12.0, gate=False),
        verdict("reply", None, reason="muted", status="red", mute_reason="new help desk until Oct"),
        verdict("ltv", None, fails=True),
    )


def _meta() -> Meta:
    deals = SourceRecord(
        "deals", (FileRecord("sample_data/deals.csv", 52_311, "2025-09-22T06:00:00+00:00"),),
        1204, date(2024, 1, 3), date(2025, 9, 21), date(2025, 9, 22), 3,
        {"unread": 3, "duplicate": 2, "unparsable": 1},
        (Spot("sample_data/deals.csv", 17, "amount", "12,5k", "not a number"),),
        ("dates read as DD-MM-YY",),
    )  # fmt: skip
    spend = SourceRecord(
        "spend", (FileRecord("sample_data/spend.csv", 2_004, "2025-09-01T06:00:00+00:00"),),
        96, date(2024, 1, 1), date(2025, 8, 31), date(2025, 9, 1), 0,
    )  # fmt: skip
    return Meta(
        "0.1.0", "Acme KPIs", "weekly", AS_OF, "Europe/Berlin", FILE, "9f3a",
        (deals, spend), ("previous",), "week", WEEKS,
    )  # fmt: skip


def _problems() -> tuple[Problem, ...]:
    return (
        Problem(
            "missing_file", "source costs: no file at sample_data/costs.csv",
            "put the file there, or say --data FOLDER", Place(FILE, 31, 5), source="costs",
        ),
        Problem(
            "late_rows", "events: 12 rows are later than the reading date and were left out",
            None, None, "warning", source="events",
        ),
    )  # fmt: skip
