"""What a company is and what it would buy."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from generator import names

PLANS = ("starter", "pro", "enterprise")
SEAT_PRICE = {"starter": 39, "pro": 65, "enterprise": 140}
SEATS = {"starter": (3.2, 0.35), "pro": (8.0, 0.4), "enterprise": (21.0, 0.55)}
YEARLY = {"starter": 0.15, "pro": 0.45, "enterprise": 0.85}
EMPLOYEES = {"starter": 28, "pro": 140, "enterprise": 1300}
# To which plan, and with which chance in a month.
UPGRADE = {"starter": ("pro", 0.009), "pro": ("enterprise", 0.003)}
DOWNGRADE = {"pro": ("starter", 0.005), "enterprise": ("pro", 0.003)}


@dataclass(frozen=True)
class Offer:
    """A plan with so many seats, paid by month or year; discount is a fraction."""

    plan: str
    seats: int
    currency: str
    yearly: bool
    discount: float

    @property
    def amount(self) -> float:
        """List price of one interval, in the offer's currency."""
        dearer = 1.1 if self.currency == "USD" else 1.0
        return SEAT_PRICE[self.plan] * self.seats * dearer * (12 if self.yearly else 1)

    @property
    def year_value(self) -> float:
        """What a year brings after the discount."""
        return self.amount * (1 if self.yearly else 12) * (1 - self.discount)

    def changed(self, plan: str | None = None, seats: int | None = None) -> "Offer":
        """The same offer with another plan or number of seats."""
        return replace(self, plan=plan or self.plan, seats=seats or self.seats)


@dataclass(frozen=True)
class Company:
    """Who buys."""

    name: str
    industry: str
    region: str
    employees: int
    offer: Offer


class Companies:
    """Draws companies, each name once."""

    def __init__(self) -> None:
        self.rng = Random("offers")
        self.names: Iterator[tuple[str, str]] = iter(names.companies())

    def draw(self, weights: tuple[float, float, float]) -> Company:
        """A company whose plan is drawn by weight."""
        plan = self.rng.choices(PLANS, weights)[0]
        name, industry = next(self.names)
        region = self.rng.choices(names.REGIONS, names.REGION_WEIGHTS)[0]
        employees = round(EMPLOYEES[plan] * self.rng.lognormvariate(0, 0.8)) + 4
        return Company(name, industry, region, employees, self.offer(plan, region))

    def offer(self, plan: str, region: str) -> Offer:
        """An offer on a plan."""
        middle, spread = SEATS[plan]
        seats = max(2, round(middle * self.rng.lognormvariate(0, spread)))
        yearly = self.rng.random() < YEARLY[plan]
        discount = self.rng.choice((0.05, 0.1, 0.1, 0.15)) if yearly else 0.0
        given = discount if self.rng.random() < 0.6 else 0.0
        return Offer(plan, seats, "USD" if region == "North America" else "EUR", yearly, given)
