"""The records of a customer's life: sign-up, contract terms, people."""

from dataclasses import dataclass, field

from generator.days import DAY
from generator.offers import Company, Offer


@dataclass(frozen=True)
class Signup:
    """Where a customer comes from: opening, deal, trial or internal; key is the deal or lead."""

    key: str
    company: Company
    day: int
    origin: str


@dataclass
class Term:
    """A stretch of one subscription; end and canceled are days, None while open."""

    product: str
    offer: Offer
    amount: float
    start: int
    status: str = "active"
    end: int | None = None
    canceled: int | None = None


@dataclass
class Person:
    """A user. visits: day → reports created on it. arms: experiment → variant."""

    account_id: str
    role: str
    created: int
    habit: float
    rank: float
    is_test: bool
    phone: bool
    left: int | None = None
    forgotten: bool = False
    alert: int | None = None
    visits: dict[int, int] = field(default_factory=dict)
    arms: dict[str, str] = field(default_factory=dict)
    user_id: str = ""

    @property
    def born(self) -> int:
        """The day of created."""
        return self.created // DAY

    def here(self, day: int) -> bool:
        """Whether the person could come by at the start of a day."""
        return self.born < day and (self.left is None or self.left >= day)

    def active(self, day: int) -> bool:
        """Whether the person came by in the 28 days before."""
        return any(earlier in self.visits for earlier in range(day - 28, day))
