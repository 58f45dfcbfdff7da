"""Which KPIs stand in the first report."""

from kpicli.discovery.proposal import Proposal
from kpicli.library import library_definitions

MOST = 12
# What people ask for first, in this order; the others follow as the library has them.
_FIRST = (
    "mrr", "nrr", "logo_churn", "revenue_won", "win_rate", "deals_won", "average_sales_cycle",
    "active_users", "stickiness", "activation_rate", "cohort_retention", "active_accounts",
    "nps", "csat", "leads_created", "mql_rate", "email_open_rate", "email_ctr", "tickets_opened",
    "resolution_time", "grr", "net_new_mrr", "customers", "average_deal_size", "open_pipeline",
    "purchase_value", "account_retention", "cac", "ltv",
)  # fmt: skip


def chosen(proposal: Proposal) -> tuple[str, ...]:
    """At most twelve, in the order of the file, so that groups stay together."""
    kpis = tuple(proposal.kpis)
    order = {name: place for place, name in enumerate(_FIRST)}
    own = [name for name in kpis if name not in library_definitions()]
    ranked = sorted(kpis, key=lambda name: order.get(name, len(order) + (name in own)))
    best = set(ranked[:MOST])
    return tuple(name for name in kpis if name in best)
