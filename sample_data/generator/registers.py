"""The lists of the product's own database: accounts, users, subscriptions, experiments."""

from random import Random

from generator import names
from generator.customers import CORE, Customer
from generator.days import DAY, END, HOUR, at, day_text, utc_text
from generator.files import Cell, Table, money
from generator.money import in_euro
from generator.records import Term


def account_table(customers: list[Customer]) -> Table:
    """accounts.csv."""
    header = (
        "account_id,name,plan,tier,industry,region,employees,csm,arr,sponsor,email_domain,"
        "signed_up,closed_at,renewal_date,parent_id"
    )
    rng = Random("accounts")
    parents: dict[str, str] = {}
    rows = [account_row(rng, customer, parents) for customer in customers]
    table = Table("accounts.csv", tuple(header.split(",")), rows)
    table.spoil("industry", (None,) * 17)
    table.spoil("employees", (None,) * 24)
    table.spoil("region", (None,) * 3)
    return table


def account_row(rng: Random, customer: Customer, parents: dict[str, str]) -> list[Cell]:
    """One account as it is on the last day; parents: region → an account there."""
    company, plan = customer.company, customer.offer.plan
    arr = round(yearly_euro(customer))
    cared_for = plan != "starter" and rng.random() < 0.93
    csm, sponsor = rng.choice(names.CSMS), rng.choice(names.PEOPLE)
    sponsored = plan != "starter" and rng.random() < 0.55
    child = rng.random() < 0.04
    parent = parents.get(company.region)
    if plan == "enterprise" and not customer.internal and not child:
        parents[company.region] = customer.account_id
    ending = "" if customer.internal else names.ENDINGS[company.region][0]
    return [
        customer.account_id,
        company.name + ending,
        plan,
        "key" if arr >= 25_000 else "core" if arr >= 5_000 else "tail",
        company.industry,
        company.region,
        company.employees,
        csm if cared_for else None,
        arr or None,
        sponsor if sponsored else None,
        "acme.com" if customer.internal else names.domain(company.name, company.region),
        day_text(customer.signup.day),
        day_text(customer.closed),
        day_text(customer.renewal),
        parent if child else None,
    ]


def yearly_euro(customer: Customer) -> float:
    """What the account pays in a year as of the last day, in euro."""
    return sum(
        in_euro(monthly(term), term.offer.currency, END) * 12
        for term in customer.terms
        if term.start < END and (term.end is None or term.end >= END)
    )


def monthly(term: Term) -> float:
    """What a term brings in a month, in its own currency, after the discount."""
    return term.amount * (1 - term.offer.discount) / (12 if term.offer.yearly else 1)


def user_table(customers: list[Customer]) -> Table:
    """users.csv, in order of id."""
    rng = Random("users")
    people = [(person, customer) for customer in customers for person in customer.people]
    people.sort(key=lambda pair: pair[0].user_id)
    rows: list[list[Cell]] = []
    for person, customer in people:
        gone = None if person.forgotten else person.left
        mail = names.domain(customer.company.name, customer.company.region)
        rows.append(
            [
                person.user_id,
                person.account_id,
                person.role,
                "acme.com" if customer.internal else mail,
                person.is_test,
                utc_text(person.created),
                None if gone is None else left_text(rng, gone),
            ]
        )
    header = "user_id,account_id,role,email_domain,is_test,created_at,deleted_at"
    table = Table("users.csv", tuple(header.split(",")), rows)
    table.spoil("role", (None,) * 31)
    return table


def left_text(rng: Random, day: int) -> str | None:
    """Some hour of the day, but never after the sample."""
    return utc_text(at(day, rng.randrange(9 * HOUR, 21 * HOUR))) if day < END else None


def subscription_table(customers: list[Customer]) -> Table:
    """subscriptions.csv: one row for each stretch under one offer."""
    header = (
        "subscription_id,account_id,product,plan,quantity,amount,currency,interval,interval_count,"
        "discount,status,trial_start,trial_end,start,end,canceled_at"
    )
    terms = [(term, customer) for customer in customers for term in customer.terms]
    terms = [pair for pair in terms if pair[0].start < END]
    terms.sort(key=lambda pair: (pair[0].start, pair[1].account_id, pair[0].product))
    rows = [subscription_row(n, *pair) for n, pair in enumerate(terms, 1)]
    return Table("subscriptions.csv", tuple(header.split(",")), rows)


def subscription_row(nth: int, term: Term, customer: Customer) -> list[Cell]:
    """Write a term; amount is the list price of one interval; trials cost nothing."""
    trial = term.status == "trial"
    return [
        f"S{nth:05d}",
        customer.account_id,
        term.product,
        term.offer.plan,
        term.offer.seats if term.product == CORE else 1,
        money(term.amount),
        term.offer.currency,
        "year" if term.offer.yearly else "month",
        1,
        f"{term.offer.discount:.2f}" if term.offer.discount else None,
        term.status,
        day_text(term.start if trial else None),
        day_text(term.end if trial else None),
        day_text(term.start),
        day_text(term.end),
        day_text(term.canceled),
    ]


def experiment_table(customers: list[Customer]) -> Table:
    """experiments.csv: exposures in order of time; a few units stand in both arms."""
    exposed = sorted(
        (person.created + 2, name, person.user_id, variant)
        for customer in customers
        for person in customer.people
        for name, variant in person.arms.items()
    )
    again = Random("exposed").sample(exposed, 5)
    other = {"control": "treatment", "treatment": "control"}
    switched = [(then + DAY, name, unit, other[arm]) for then, name, unit, arm in again]
    rows: list[list[Cell]] = [
        [unit, name, arm, utc_text(then)] for then, name, unit, arm in sorted(exposed + switched)
    ]
    return Table("experiments.csv", ("unit_id", "experiment", "variant", "exposed_at"), rows)
