"""Each preset over rows in the way its product writes them, with KPIs of the library.

The headers are those seen in real files; the rows are made by hand, and so are the numbers.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from language.folder import Folder, Told

from kpicli.sources.presets import preset_named, preset_names, recognised

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


def report(folder: Folder, case: Case) -> Told:
    """January's report of a case."""
    folder.put({case.file: (ROWS / case.file).read_bytes()})
    kpis = case.kpis or "".join(f"  {name}: {{use: {name}}}\n" for name in case.told)
    return folder.tell(
        f"grain: month\nsources:\n"
        f"  {case.source}: {{path: {case.file}, preset: {case.preset}, quiet: 1mo{case.keys}}}\n"
        f"kpis:\n{kpis}",
        as_of=date(2026, 2, 1),
        periods=1,
    )


# Three of four deals were closed in January, two of them won, after 15 and 10 days.
DEALS = {
    "win_rate": 2 / 3, "revenue_won": 1350.5, "average_deal_size": 675.25, "deals_created": 4,
    "average_sales_cycle": 12.5,
}  # fmt: skip
PAID = "  paid: {kind: sum, source: payments, where: is_paid, of: amount - refunded, unit: money}\n"
USED = {"users": 2, "rows": 3}
USES = """
  users: {kind: active, source: events, entity: user_id, population: seen, window: 1mo}
  rows: {kind: count, source: events}
"""
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
    Case("salesforce_opportunities.csv", DEALS),
    Case("salesforce_opportunities_api.csv", DEALS | {"new_customers": 1}),
    Case("salesforce_leads.csv", {"leads_created": 3}),
    Case("hubspot_deals.csv", DEALS),
    Case("hubspot_deals_semicolons.csv", DEALS, keys=", decimal: comma"),
    Case("hubspot_deals_api.csv", DEALS),
    Case("hubspot_deal_stages.csv", {"entered": 3}, STAGES),
    Case("hubspot_email_events.csv", {"ctr": 0.5}, CLICKED),
    Case("pipedrive_deals.csv", DEALS,
         keys=", decimal: comma, thousands: point, dates: DD/MM/YYYY"),
    Case("stripe_subscriptions.csv", {"mrr": 99, "customers": 2, "churned_mrr": 20}),
    Case("stripe_payments.csv", {"paid": 769}, PAID, ", thousands: comma"),
    Case("stripe_payments_old.csv", {"paid": 20}, PAID),
    Case("mailchimp_campaigns.csv", CAMPAIGNS),
    Case("segment_tracks.csv", USED, USES),
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
    told = report(folder, case)
    assert told.problems == ()
    assert {name: told.value(name, JANUARY) for name in case.told} == pytest.approx(case.told)
    assert told.source(case.source).not_read.get("unparsable", 0) == 0


TEXTS = [case for case in CASES if case.file.endswith(".csv") and case.preset not in UNRECOGNISED]


@pytest.mark.parametrize("case", TEXTS, ids=[case.file for case in TEXTS])
def test_the_headers_of_a_file_name_its_preset(case: Case) -> None:
    text = (ROWS / case.file).read_text(encoding="utf-8-sig")
    sign = ";" if text.count(";") > text.count(",") else ","
    headers = next(csv.reader(text.splitlines(keepends=True), delimiter=sign))
    assert recognised(headers)[0].preset.name == case.preset
