"""Leads, from a name to a sales opportunity."""

from dataclasses import dataclass
from random import Random

from generator import names
from generator.days import END, HOUR, START, at, local_text, season, working
from generator.files import Cell, Table

SOURCES = {
    "website": (0.30, 0.38),
    "paid_search": (0.20, 0.30),
    "webinar": (0.14, 0.45),
    "event": (0.10, 0.40),
    "outbound": (0.12, 0.34),
    "partner": (0.06, 0.55),
    "referral": (0.08, 0.62),
}
CHANNEL = {
    "website": "organic",
    "paid_search": "paid",
    "webinar": "content",
    "event": "field",
    "outbound": "outbound",
    "partner": "partner",
    "referral": "word_of_mouth",
}
REASONS = ("no budget", "no fit", "student", "competitor", "no answer")


@dataclass
class Lead:
    """One lead; moments, None where a step was not reached."""

    lead_id: str
    created: int
    score: int | None
    source: str
    campaign: str | None
    mql: int | None = None
    sql: int | None = None
    opportunity: int | None = None
    accepted: bool | None = None
    reason: str | None = None
    trial: bool = False


def draw_leads(rate: float = 6.95) -> list[Lead]:
    """All leads in order of time, rate per ordinary day."""
    rng = Random("leads")
    starts = []
    for day in range(START, END):
        growth = 0.9 + 0.2 * (day - START) / (END - START)
        mean = rate * growth * season(day) * (1.25 if working(day) == day else 0.4)
        heads = int(mean) + (rng.random() < mean % 1) + rng.choice((-1, 0, 0, 1))
        starts += [at(day, rng.randrange(7 * HOUR, 22 * HOUR)) for _ in range(max(0, heads))]
    return [draw_lead(rng, f"L{n:05d}", start) for n, start in enumerate(sorted(starts), 1)]


def draw_lead(rng: Random, lead_id: str, created: int) -> Lead:
    """One lead with all that came of it by the end of the sample."""
    source = rng.choices(list(SOURCES), [share for share, _ in SOURCES.values()])[0]
    qualifies = rng.random() < SOURCES[source][1]
    points = round(min(100, max(0, rng.normalvariate(62 if qualifies else 38, 15))))
    score = None if rng.random() < 0.04 else points
    lead = Lead(lead_id, created, score, source, rng.choice(names.CAMPAIGNS[source]))
    if qualifies:
        qualify(rng, lead)
    elif source in ("website", "paid_search") and rng.random() < 0.075:
        lead.trial = True
    return lead


def qualify(rng: Random, lead: Lead) -> None:
    """Marketing hands the lead over; sales takes it or not."""
    lead.mql = later(rng, lead.created, 3)
    if lead.mql is None:
        return
    lead.accepted = rng.random() < 0.82
    if not lead.accepted:
        lead.reason = rng.choice(REASONS)
    elif rng.random() < 0.62:
        lead.sql = later(rng, lead.mql, 6)
        if lead.sql is not None and rng.random() < 0.68:
            lead.opportunity = later(rng, lead.sql, 5)


def later(rng: Random, moment: int, days: float) -> int | None:
    """A working moment about so many days later, None past the end of the sample."""
    day = working(moment // 86_400 + round(days * rng.lognormvariate(0, 0.7)))
    then = max(moment + 600, at(day, rng.randrange(8 * HOUR, 18 * HOUR)))
    return then if then < at(END, 0) else None


def lead_table(leads: list[Lead], deal_ids: dict[str, str], accounts: dict[str, str]) -> Table:
    """leads.csv; deal_ids and accounts by lead id."""
    header = (
        "lead_id,created_at,score,source,channel,campaign,mql_at,sql_at,accepted,"
        "rejected_reason,opportunity_id,account_id"
    )
    rows: list[list[Cell]] = [
        [
            lead.lead_id,
            local_text(lead.created),
            lead.score,
            lead.source,
            CHANNEL[lead.source],
            lead.campaign,
            local_text(lead.mql),
            local_text(lead.sql),
            None if lead.accepted is None else ("yes" if lead.accepted else "no"),
            lead.reason,
            deal_ids.get(lead.lead_id),
            accounts.get(lead.lead_id),
        ]
        for lead in leads
    ]
    table = Table("leads.csv", tuple(header.split(",")), rows, blank_before=(2500,))
    table.spoil("created_at", ("2024-02-30 09:14:00", "unknown"))
    table.spoil("score", ("high", "7O", "n/a"))
    return table
