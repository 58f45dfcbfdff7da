"""Which KPIs stand in the first report."""

from kpicli.discovery.proposal import Keys, Proposal
from kpicli.library import library_definitions

MOST = 12
# What people ask for first, in this order; the others follow as the library has them.
_FIRST = (
    "mrr", "nrr", "logo_churn", "revenue_won", "win_rate", "active_users", "stickiness",
    "activation_rate", "nps", "csat", "leads_created", "tickets_opened", "deals_won",
    "average_sales_cycle", "active_accounts", "mql_rate", "email_open_rate", "email_ctr",
    "resolution_time", "grr", "net_new_mrr", "customers", "average_deal_size", "open_pipeline",
    "purchase_value", "purchase_frequency", "account_retention", "cac", "ltv",
)  # fmt: skip


def chosen(proposal: Proposal) -> tuple[str, ...]:
    """At most twelve, in the order of the file, so that groups stay together."""
    kpis = proposal.kpis
    order = {name: place for place, name in enumerate(_FIRST)}
    ranked = sorted(kpis, key=lambda name: order.get(name, len(order) + _breadth(kpis[name])))
    best = set(ranked[:MOST])
    return tuple(name for name in kpis if name in best)


def _breadth(keys: Keys) -> int:
    """How much room a KPI takes: one line before a table of groups or cohorts."""
    ready = library_definitions().get(str(keys.get("use")), keys)
    return 1 + int("by" in ready) + 2 * int(ready["kind"] == "retention")
