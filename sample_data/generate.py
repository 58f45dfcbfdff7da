"""Write the sample anew: python sample_data/generate.py [--to FOLDER]."""

import argparse
from pathlib import Path

from generator.customers import Customer
from generator.deals import Deal, Pipeline, deal_table, number_deals, stage_table
from generator.events import save_events
from generator.files import Table
from generator.leads import Lead, draw_leads, lead_table
from generator.marketing import email_table, session_table
from generator.money import cost_table, rate_table, spend_table
from generator.offers import Companies
from generator.registers import account_table, experiment_table, subscription_table, user_table
from generator.revenue import revenue_by_plan
from generator.signups import (
    deal_signups,
    internal_signups,
    live_all,
    opening_signups,
    trial_signups,
)
from generator.voice import (
    Surveys,
    advocacy_table,
    answer_table,
    draw_tickets,
    invitation_table,
    referral_table,
    ticket_table,
)


def main() -> None:
    """Read the command line and write all files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path(__file__).parent)
    write_sample(parser.parse_args().to)


def write_sample(folder: Path) -> None:
    """Every file of the sample, the same bytes each time."""
    (folder / "events").mkdir(parents=True, exist_ok=True)
    companies = Companies()
    leads = draw_leads()
    pipeline = Pipeline(companies)
    sales = pipeline.from_before() + pipeline.from_leads(leads)
    signups = [*opening_signups(companies), *trial_signups(companies, leads)]
    customers = live_all([*signups, *deal_signups(sales), *internal_signups()])
    give_accounts(sales, customers)
    deals = number_deals(sales + pipeline.expansions(customers))
    for table in [*sales_tables(leads, deals, customers), *customer_tables(customers)]:
        table.save(folder)
    save_events(customers, folder / "events")


def give_accounts(deals: list[Deal], customers: list[Customer]) -> None:
    """A won deal knows the account that came of it."""
    accounts = {customer.signup.key: customer.account_id for customer in customers}
    for deal in deals:
        deal.account_id = accounts.get(deal.key)


def sales_tables(leads: list[Lead], deals: list[Deal], customers: list[Customer]) -> list[Table]:
    """What marketing and sales export."""
    accounts = {customer.signup.key: customer.account_id for customer in customers}
    deal_ids = {deal.key: deal.deal_id for deal in deals}
    return [
        lead_table(leads, deal_ids, accounts),
        deal_table(deals),
        stage_table(deals),
        spend_table(),
        email_table(),
        session_table(customers),
        rate_table(),
    ]


def customer_tables(customers: list[Customer]) -> list[Table]:
    """What the product, billing and the survey tool export."""
    tickets, surveys = draw_tickets(customers), Surveys()
    surveys.ask_all(customers, tickets)
    return [
        account_table(customers),
        user_table(customers),
        subscription_table(customers),
        experiment_table(customers),
        cost_table(revenue_by_plan(customers)),
        ticket_table(tickets),
        invitation_table(surveys),
        answer_table(surveys),
        referral_table(customers),
        advocacy_table(customers),
    ]


if __name__ == "__main__":
    main()
