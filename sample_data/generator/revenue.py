"""What the customers bring in a month, by plan."""

from collections import defaultdict

from generator.customers import Customer
from generator.days import months_after
from generator.money import booked_months, in_euro
from generator.registers import monthly


def revenue_by_plan(customers: list[Customer]) -> dict[tuple[int, str], float]:
    """Euro by (month, plan): the monthly value of what is live on the month's last day."""
    found: dict[tuple[int, str], float] = defaultdict(float)
    for month in booked_months():
        last = months_after(month, 1) - 1
        for customer in customers:
            for term in customer.terms:
                if term.start <= last and (term.end is None or term.end > last):
                    value = in_euro(monthly(term), term.offer.currency, last)
                    found[month, term.offer.plan] += value
    return found
