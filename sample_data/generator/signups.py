"""Where the customers come from, and their ids."""

from random import Random

from generator.customers import Customer
from generator.days import DAY, END, START, busyness, number, working
from generator.deals import Deal
from generator.leads import Lead
from generator.offers import Companies, Company, Offer
from generator.records import Signup

OPENING = number(2021, 1, 4)
OPENING_MIX = (0.38, 0.46, 0.16)
TRIAL_MIX = (0.72, 0.28, 0.0)


def opening_signups(companies: Companies, count: int = 268) -> list[Signup]:
    """Customers from before the sample, more of them in later years."""
    rng, span = Random("opening"), START - OPENING
    days = [OPENING + int(span * rng.random() ** 0.7) for _ in range(count)]
    return [
        Signup(f"open{nth}", companies.draw(OPENING_MIX), min(working(day), START - 1), "opening")
        for nth, day in enumerate(days)
    ]


def deal_signups(deals: list[Deal]) -> list[Signup]:
    """One customer per deal won within the sample."""
    won = [deal for deal in deals if deal.is_closed and deal.won]
    return [Signup(deal.key, deal.company, deal.closes, "deal") for deal in won]


def trial_signups(companies: Companies, leads: list[Lead]) -> list[Signup]:
    """Leads that helped themselves to a trial, minutes after they came."""
    tried = [lead for lead in leads if lead.trial and lead.created // DAY < END]
    return [
        Signup(lead.lead_id, companies.draw(TRIAL_MIX), lead.created // DAY, "trial")
        for lead in tried
    ]


def internal_signups() -> list[Signup]:
    """Acme's own accounts, for nothing."""
    offer = Offer("enterprise", 16, "EUR", True, 1.0)
    return [
        Signup(name, Company(name, "software", "DACH", 60, offer), number(2021, 2, day), "internal")
        for name, day in (("Acme (internal)", 1), ("Acme Demo & Test", 8))
    ]


def live_all(signups: list[Signup]) -> list[Customer]:
    """All customers in order of sign-up, their lives told, their people numbered."""
    busy = busyness()
    ordered = sorted(signups, key=lambda signup: (signup.day, signup.key))
    customers = [Customer(f"A{n:04d}", s, busy).live() for n, s in enumerate(ordered, 1)]
    people = [person for customer in customers for person in customer.people]
    people.sort(key=lambda person: (person.created, person.account_id, person.rank))
    for nth, person in enumerate(people, 1):
        person.user_id = f"U{nth:05d}"
    return customers
