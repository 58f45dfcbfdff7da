"""Deals as the CRM exports them, with the history of their stages."""

from dataclasses import dataclass, field
from random import Random

from generator import names, truths
from generator.customers import CORE, Customer
from generator.days import DAY, END, HOUR, START, at, german_text, local_text, season, working
from generator.files import Cell, Table, money
from generator.leads import SOURCES, Lead
from generator.offers import Companies, Company

STAGES = ("Qualified", "Discovery", "Proposal", "Negotiation")
CHANCE = {
    "Qualified": 20,
    "Discovery": 35,
    "Proposal": 55,
    "Negotiation": 75,
    "Closed Won": 100,
    "Closed Lost": 0,
}
CYCLE_DAYS = {"starter": 24, "pro": 41, "enterprise": 72}
SALES_MIX = (0.24, 0.58, 0.18)


@dataclass
class Deal:
    """One deal; key is its lead, its account or its own; won is what it ends as, one day."""

    key: str
    company: Company
    source: str
    campaign: str | None
    contact: int
    created: int
    closes: int
    won: bool
    value: float
    owner: str
    kind: str = "New Business"
    product: str = CORE
    account_id: str | None = None
    history: list[tuple[int, str]] = field(default_factory=list)
    deal_id: str = ""

    @property
    def is_closed(self) -> bool:
        """Closed within the sample."""
        return self.closes < END

    @property
    def stage(self) -> str:
        """The newest stage."""
        return self.history[-1][1]

    @property
    def amount(self) -> float:
        """What the CRM says: nothing for a lost deal."""
        return 0.0 if self.stage == "Closed Lost" else self.value


class Pipeline:
    """Draws deals."""

    def __init__(self, companies: Companies) -> None:
        self.rng = Random("deals")
        self.companies = companies

    def from_leads(self, leads: list[Lead]) -> list[Deal]:
        """One deal per lead that became an opportunity."""
        return [
            self.new(lead.lead_id, lead.source, lead.campaign, lead.created // DAY, day // DAY)
            for lead in leads
            if (day := lead.opportunity) is not None
        ]

    def from_before(self) -> list[Deal]:
        """Deals opened before the sample and closed in it, so that it does not start empty."""
        days = [working(day) for day in range(START - 220, START - 3)]
        drawn = [
            self.new(f"old{day}-{nth}", self.source(), None, day - 20, day)
            for nth, day in enumerate(days)
            if self.rng.random() < 0.85 * season(day)
        ]
        return [deal for deal in drawn if deal.closes >= START]

    def source(self) -> str:
        """A lead source, by the opportunities it brings."""
        weights = [share * qualifies for share, qualifies in SOURCES.values()]
        return self.rng.choices(list(SOURCES), weights)[0]

    def new(self, key: str, source: str, campaign: str | None, contact: int, created: int) -> Deal:
        """A deal with a company that is not a customer yet."""
        rng, company = self.rng, self.companies.draw(SALES_MIX)
        cycle = max(3, round(CYCLE_DAYS[company.offer.plan] * rng.lognormvariate(0, 0.5)))
        won = rng.random() < truths.WIN_RATE[source]
        value = company.offer.year_value
        closes = working(created + cycle)
        owner = rng.choice(names.REPS)
        deal = Deal(key, company, source, campaign, contact, created, closes, won, value, owner)
        return self.staged(deal)

    def expansions(self, customers: list[Customer]) -> list[Deal]:
        """Most growth of customers was a deal; nearly as many came to nothing."""
        grown = [(customer, *growth) for customer in customers for growth in customer.growth]
        deals = []
        for customer, day, product, value in grown:
            if self.rng.random() < 0.8:
                deals.append(self.expansion(customer, day, product, value))
            if self.rng.random() < 0.62:
                shift = self.rng.randrange(-60, 60)
                lost = self.expansion(customer, working(day + shift), product, value)
                lost.won = False
                deals.append(self.staged(lost))
        return [deal for deal in deals if deal.created >= START and deal.created < END]

    def expansion(self, customer: Customer, day: int, product: str, value: float) -> Deal:
        """A deal on the growth of a customer, won on the day of the growth."""
        cycle = 5 + round(14 * self.rng.lognormvariate(0, 0.5))
        created, owner = working(day - cycle), self.rng.choice(names.REPS)
        company, closes = customer.company, max(day, working(day - cycle))
        deal = Deal(
            customer.account_id,
            company,
            "customer",
            None,
            created,
            created,
            closes,
            True,
            value,
            owner,
        )
        deal.kind, deal.product, deal.account_id = "Expansion", product, customer.account_id
        return self.staged(deal)

    def staged(self, deal: Deal) -> Deal:
        """Write the history up to the end of the sample."""
        steps = len(STAGES) if deal.won else self.rng.choices((1, 2, 3, 4), (30, 30, 25, 15))[0]
        days = deal.closes - deal.created
        cuts = sorted(self.rng.random() for _ in range(steps - 1))
        entered = [deal.created, *(deal.created + int(cut * days) for cut in cuts)]
        path = list(zip(entered, STAGES[:steps], strict=True))
        if steps == 4 and self.rng.random() < 0.08:
            path.append((path[-1][0], "Proposal"))
            path.append((deal.closes, "Negotiation"))
        path.append((deal.closes, "Closed Won" if deal.won else "Closed Lost"))
        deal.history = self.clocked([(day, stage) for day, stage in path if day < END])
        return deal

    def clocked(self, path: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Days become moments that keep the order."""
        second, moments = 8 * HOUR, []
        for day, stage in path:
            second = min(20 * HOUR, second + self.rng.randrange(300, 2 * HOUR))
            moments.append((at(day, second), stage))
            if len(path) > len(moments) and path[len(moments)][0] > day:
                second = 8 * HOUR
        return moments


def number_deals(deals: list[Deal]) -> list[Deal]:
    """The deals by creation, with their ids."""
    ordered = sorted(deals, key=lambda deal: (deal.created, deal.key, deal.closes))
    for number, deal in enumerate(ordered, 10_001):
        deal.deal_id = f"D-{number}"
    return ordered


def deal_table(deals: list[Deal]) -> Table:
    """deals.csv."""
    header = (
        "Deal ID,Deal Name,Stage,Is Closed,Is Won,Amount,Currency,Probability,Created,Close Date,"
        "First Contact,Product,Type,Owner,Account ID,Lead Source,Campaign"
    )
    table = Table("deals.csv", tuple(header.split(",")), [deal_row(deal) for deal in deals])
    new = len([deal for deal in deals if deal.product == CORE])
    table.spoil("Product", ("ReportSuite",) * round(0.06 * new), among=CORE)
    table.spoil("Amount", ("tbd", "approx. 9000"), among="Qualified")
    table.spoil("Close Date", ("Q3 2024",), among="Closed Lost")
    table.spoil("First Contact", ("31.02.2024",))
    table.spoil("Owner", (None,) * 9)
    table.blank_before = (len(deals) // 2,)
    return table


def deal_row(deal: Deal) -> list[Cell]:
    """One line of the export."""
    return [
        deal.deal_id,
        f"{deal.company.name} – {deal.product}",
        deal.stage,
        "Yes" if deal.is_closed else "No",
        "Yes" if deal.stage == "Closed Won" else "No",
        money(deal.amount),
        deal.company.offer.currency,
        f"{CHANCE[deal.stage]}%",
        german_text(deal.created),
        german_text(deal.closes if deal.is_closed else None),
        german_text(deal.contact),
        deal.product,
        deal.kind,
        deal.owner,
        deal.account_id,
        deal.source,
        deal.campaign,
    ]


def stage_table(deals: list[Deal]) -> Table:
    """deal_stages.csv, in order of time."""
    position = {stage: number for number, stage in enumerate([*STAGES, "Closed Won"], 1)}
    entries = sorted(
        (moment, deal.deal_id, nth, stage)
        for deal in deals
        for nth, (moment, stage) in enumerate(deal.history)
    )
    rows: list[list[Cell]] = [
        [deal_id, stage, position.get(stage, 5), local_text(moment)]
        for moment, deal_id, _, stage in entries
    ]
    return Table("deal_stages.csv", ("deal_id", "stage", "position", "entered_at"), rows)
