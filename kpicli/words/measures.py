"""The measures of recurring money, and what the end of a subscription means, in words."""

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "mrr": "What a month of everything live at the period's end brings",
    "arr": "Twelve times what a month of everything live at the period's end brings",
    "arpa": "What a month brings at the period's end, per paying customer",
    "customers": "Customers who pay at the period's end",
    "new": "from customers who had never paid before",
    "expansion": "more from customers who paid at its start",
    "contraction": "less from customers who still pay at its end",
    "churn": "lost with customers who paid at its start and do not at its end",
    "reactivation": "from customers who had paid before and not at its start",
    "net_new": "What customers pay at the period's end less what they paid at its start",
    "nrr": "What customers pay who paid {window} before, of what they paid then",
    "grr": "What customers pay who paid {window} before, at most as much as then, of that",
    "logo_churn": "Share of the customers at the period's start who do not pay at its end",
    "logo_retention": "Share of the customers at the period's start who still pay at its end",
    "revenue_churn": "Money lost by churn and contraction, of that of the period's start",
    "net_revenue_churn": "Money lost less expansion and reactivation, of that of the start",
    "expanded": "Share of the customers at the period's start who pay more at its end",
    "upsell": "Expansion, of what was paid at the period's start",
    "expansion_by_type": "Expansion by what it comes from: seats, price, cross-sell, add-ons",
    "renewal_rate": "Share of the customers whose term ended in the period who still pay",
    "revenue_renewal_rate": "What goes on of what was paid for terms that ended in the period",
    "renewals_due": "paid for terms that end within {ahead} after the period",
}
TERMS: Mapping[str, str] = {
    "term": (
        "a term ends every interval longer than a month, counted from when the customer has paid "
        "for the product by it without a gap"
    ),
    "end": "a term ends with its row",
}
BOUNDARIES: Mapping[str, str] = {
    "end_exclusive": "it does not count on the day of its end",
    "end_inclusive": "the day of its end still counts",
    "any_day": "it counts in every period that it touches",
}
ROWS: Mapping[str, str] = {
    "snapshots": "for the month of its day",
    "invoices": "over the months of its service",
}
