"""Each preset over rows in the way its product writes them, with KPIs of the library.

The headers are those seen in real files; the rows are made by hand, and so are the numbers.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from language.folder import Folder

from kpicli.sources.formats import format_of
from kpicli.sources.presets import preset_named, preset_names, recognised
from kpicli.sources.reading import Reading

JANUARY = "2026-01"
ROWS = Path(__file__).parent / "rows"
# Too plain to be known by their headers, or no text.
UNRECOGNISED = ("google_forms_answers",)


@dataclass(frozen=True)
class Case:
    """A file, whose name begins with its preset's, and what January's report must say of it.

    kpis are definitions, where the library's of the same names are not meant; keys the author's
    own beside preset:.
    """

    file: str
    told: dict[str, float]
    kpis: str = ""
    keys: str = ""

    @property
    def preset(self) -> str:
        """The longest name of a preset that the file's begins with."""
        return max((one for one in preset_names() if self.file.startswith(one)), key=len)

    @property
    def source(self) -> str:
        """The source of the vocabulary that the preset plays."""
        return preset_named(self.preset).role


def definitions_of(case: Case) -> str:
    """The file under its preset, and the KPIs."""
    kpis = case.kpis or "".join(f"  {name}: {{use: {name}}}\n" for name in case.told)
    source = f"{{path: {case.file}, preset: {case.preset}, quiet: 1mo{case.keys}}}"
    return f"grain: month\nsources:\n  {case.source}: {source}\nkpis:\n{kpis}"


# Three of four deals were closed in January, two of them won, after 15 and 10 days.
DEALS = {
    "win_rate": 2 / 3, "revenue_won": 1350.5, "average_deal_size": 675.25, "deals_created": 4,
    "average_sales_cycle": 12.5, "open_deals": 1, "open_pipeline": 500,
}  # fmt: skip
WEIGHTED = DEALS | {"weighted_pipeline": 375}
PAID = """
  paid: {kind: sum, source: payments, where: is_paid, of: amount - amount_refunded, unit: money}
"""
# One pays 49 a month, one 600 a year; who paid 20 went on 10 January.
MRR = {"mrr": 99, "customers": 2, "churned_mrr": 20}
OPEN = "  open: {kind: balance, source: subscriptions}\n"
PER_UNIT = "".join(f"  {name}: {{use: {name}, amount: unit_amount * quantity}}\n" for name in MRR)
BILLED = """
  billed: {kind: sum, source: invoices, of: amount, unit: money}
  paid: {kind: sum, source: invoices, of: amount_paid, where: is_paid, unit: money}
"""
USED = {"users": 2, "rows": 3}
USES = """
  users: {kind: active, source: events, entity: user_id, population: seen, window: 1mo}
  rows: {kind: count, source: events}
"""
PRO = "  pro: {kind: count, source: events, where: properties.plan = 'pro'}\n"
STAGES = "  entered: {kind: count, source: deal_stages}\n"
CLICKED = """
  ctr:
    kind: ratio
    source: events
    numerator: {count_distinct: user_id, where: "event_name = 'CLICK'"}
    denominator: {count_distinct: user_id, where: "event_name = 'DELIVERED'"}
"""
# Two promoters and one detractor of four.
NPS = {"nps": 25.0}
LIKELY = "How likely are you to recommend us"
CAMPAIGNS = {
    "email_open_rate": 0.3, "email_ctr": 0.05, "email_ctor": 1 / 6, "email_bounce_rate": 10 / 1210,
}  # fmt: skip
CASES = [
    Case("salesforce_opportunities.csv", WEIGHTED),
    Case("salesforce_opportunities_api.csv", WEIGHTED | {"new_customers": 1}),
    Case("salesforce_leads.csv", {"leads_created": 3}),
    Case("hubspot_deals.csv", DEALS),
    Case("hubspot_deals_semicolons.csv", DEALS, keys=", decimal: comma"),
    Case("hubspot_deals_api.csv", DEALS),
    Case("hubspot_deal_stages.csv", {"entered": 3}, STAGES),
    Case("hubspot_email_events.csv", {"ctr": 0.5}, CLICKED),
    Case("pipedrive_deals.csv", WEIGHTED,
         keys=", decimal: comma, thousands: point, dates: DD/MM/YYYY"),
    Case("stripe_subscriptions.csv", MRR),
    Case("stripe_payments.csv", {"paid": 769}, PAID, ", thousands: comma"),
    Case("stripe_payments_old.csv", {"paid": 20}, PAID),
    Case("stripe_subscriptions_api.jsonl", MRR, PER_UNIT),
    Case("stripe_charges.csv", {"paid": 769}, PAID),
    Case("stripe_invoices.csv", {"billed": 33.8, "paid": 23.8}, BILLED),
    Case("baremetrics_subscriptions.csv", MRR, PER_UNIT),
    Case("chargebee_mrr.csv", {"mrr": 99}, "  mrr: {use: mrr, rows: snapshots}\n"),
    Case("chargebee_subscriptions.csv", {"open": 2}, OPEN),
    Case("mailchimp_campaigns.csv", CAMPAIGNS),
    Case("segment_tracks.csv", USED, USES),
    Case("amplitude_events.json", USED, USES),
    Case("mixpanel_events.jsonl", USED | {"pro": 2}, USES + PRO),
    Case("posthog_events.jsonl", USED | {"pro": 2}, USES + PRO),
    Case("ga4_events.csv", USED, USES),
    Case("mixpanel_events_fivetran.csv", {"users": 2, "rows": 2}, USES),
    Case("typeform_answers.csv", NPS, keys=f", columns: {{score: '{LIKELY}?'}}"),
    Case("google_forms_answers.csv", NPS, keys=f", columns: {{score: '{LIKELY}, 0 to 10?'}}"),
    Case("surveymonkey_answers.csv", NPS,
         keys=", columns: {score: 'How likely is it, that you recommend us?'}"),
    Case("qualtrics_answers.csv", NPS, keys=", columns: {score: Q1}"),
    Case("delighted_answers.csv", NPS),
    Case("google_ads_spend.csv", {"marketing_spend": 1300}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.file for case in CASES])
def test_the_library_works_over_a_preset(folder: Folder, case: Case) -> None:
    folder.put({case.file: (ROWS / case.file).read_bytes()})
    told = folder.tell(definitions_of(case), as_of=date(2026, 2, 1), periods=1)
    assert told.problems == ()
    assert {name: told.value(name, JANUARY) for name in case.told} == pytest.approx(case.told)
    assert told.source(case.source).not_read.get("unparsable", 0) == 0


KNOWN = sorted(path.name for path in ROWS.iterdir() if path.stem not in UNRECOGNISED)


@pytest.mark.parametrize("file", KNOWN)
def test_the_headers_of_a_file_name_its_preset(file: str) -> None:
    kind, _ = format_of(ROWS / file)
    header = kind.headers(ROWS / file, Reading())
    assert recognised(header.names)[0].preset.name == Case(file, {}).preset


def test_every_preset_has_rows_of_its_own() -> None:
    assert {Case(path.name, {}).preset for path in ROWS.iterdir()} == set(preset_names())


def test_a_parquet_export_holds_its_properties_as_text(folder: Folder) -> None:
    lines = (ROWS / "posthog_events.jsonl").read_text(encoding="utf-8").splitlines()
    rows = pl.DataFrame([json.loads(line) for line in lines]).with_columns(
        pl.Series("properties", [json.dumps(json.loads(line)["properties"]) for line in lines]),
        pl.Series("person_properties", ["{}"] * len(lines)),
        pl.col("timestamp", "created_at", "_inserted_at").str.to_datetime("%+"),
    )
    folder.put({"posthog_events.parquet": rows})
    case = Case("posthog_events.parquet", USED | {"pro": 2}, USES + PRO)
    told = folder.tell(definitions_of(case), as_of=date(2026, 2, 1), periods=1)
    assert {name: told.value(name, JANUARY) for name in case.told} == case.told


def test_prices_of_plans_make_what_subscriptions_bring(folder: Folder) -> None:
    """Two units at 24.50 a month, one at 600 a year; the third ended on 10 January."""
    for preset in ("stripe_subscriptions_warehouse", "stripe_plans"):
        folder.put({f"{preset}.csv": (ROWS / f"{preset}.csv").read_bytes()})
    told = folder.tell(
        """
        grain: month
        sources:
          subscriptions:
            path: stripe_subscriptions_warehouse.csv
            preset: stripe_subscriptions_warehouse
            quiet: 1mo
          plans: {path: stripe_plans.csv, preset: stripe_plans}
        kpis:
          mrr:
            use: mrr
            amount: plans.unit_amount * quantity
            interval: plans.interval
            interval_count: plans.interval_count
        """,
        as_of=date(2026, 2, 1),
        periods=1,
    )
    assert told.problems == ()
    assert told.value("mrr", JANUARY) == 99


def test_a_list_of_what_customers_pay_is_as_of_today(folder: Folder) -> None:
    folder.put({"export.csv": (ROWS / "chartmogul_subscriptions.csv").read_bytes()})
    told = folder.tell("""
        sources: {subscriptions: {path: export.csv, preset: chartmogul_subscriptions}}
        kpis:
          mrr: {kind: sum, source: subscriptions, of: mrr, where: status = 'Active', unit: money}
        """)
    assert told.value("mrr", "snapshot") == 99
