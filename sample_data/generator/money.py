"""Currency rates, spend and costs."""

from functools import cache
from random import Random

from generator.days import END, day_text, month_starts, months_after, number, season, weekday
from generator.files import Cell, Table, money

FIRST_RATE = number(2021, 1, 4)
RATES = {"USD": 0.915, "GBP": 1.165}
MEDIA = (
    ("paid", "search_brand", 4_200, "EUR"),
    ("paid", "search_reporting", 11_500, "EUR"),
    ("content", "webinar_series", 3_100, "EUR"),
    ("field", "spring_fair", 0, "EUR"),
    ("field", "autumn_fair", 0, "EUR"),
    ("outbound", "outbound_dach", 2_400, "EUR"),
    ("outbound", "outbound_us", 2_900, "USD"),
    ("partner", "partner_program", 2_600, "EUR"),
)
FIXED = (
    ("organic", "content", 5_200, "EUR"),
    ("content", "content", 2_300, "EUR"),
    ("paid", "software", 1_450, "USD"),
    ("outbound", "software", 1_900, "USD"),
    ("organic", "salaries", 9_500, "EUR"),
    ("paid", "salaries", 7_800, "EUR"),
    ("outbound", "salaries", 17_500, "EUR"),
    ("partner", "salaries", 6_400, "EUR"),
    ("field", "salaries", 6_100, "EUR"),
    (None, "overhead", 6_900, "EUR"),
    (None, "onboarding", 7_200, "EUR"),
)
FAIRS = {(4, "spring_fair"): 24_000, (10, "autumn_fair"): 31_000}
FEATURES = {"dashboards": 0.45, "alerts": 0.15, "exports": 0.2, "reports": 0.2}
COGS = {"starter": 0.24, "pro": 0.19, "enterprise": 0.15}


@cache
def rates() -> dict[tuple[int, str], float]:
    """Euro per unit on every working day, wandering around its mean."""
    rng, found = Random("rates"), {}
    for currency, mean in RATES.items():
        rate = mean
        for day in range(FIRST_RATE, END):
            if weekday(day) < 5:
                rate += 0.012 * (mean - rate) + rng.normalvariate(0, 0.0035)
                found[day, currency] = round(rate, 5)
    return found


def in_euro(amount: float, currency: str, day: int) -> float:
    """Converted at the rate of the day, or the last before it."""
    if currency == "EUR":
        return amount
    last = max(FIRST_RATE, min(day, END - 1))
    return amount * rates()[last - max(0, weekday(last) - 4), currency]


def rate_table() -> Table:
    """rates.csv."""
    rows: list[list[Cell]] = [
        [day_text(day), currency, f"{rate:.5f}"]
        for (day, currency), rate in sorted(rates().items())
    ]
    return Table("rates.csv", ("day", "currency", "rate"), rows)


def spend_table() -> Table:
    """spend.csv: booked months only, the running one is not in."""
    rng, rows = Random("spend"), list[list[Cell]]()
    for month in booked_months():
        year, in_year, _ = (int(part) for part in str(day_text(month)).split("-"))
        dearer = 1.0 + 0.06 * (year - 2023)
        for channel, campaign, usual, currency in MEDIA:
            amount = usual * season(month) ** 0.5 + FAIRS.get((in_year, campaign), 0)
            row = (channel, campaign, "media", amount * dearer, currency)
            rows += spend_row(rng, month, row)
        for channel_or_none, category, usual, currency in FIXED:
            rows += spend_row(
                rng, month, (channel_or_none, None, category, usual * dearer, currency)
            )
    header = ("month", "channel", "campaign", "category", "amount", "currency")
    return Table("spend.csv", header, rows)


def spend_row(
    rng: Random, month: int, row: tuple[str | None, str | None, str, float, str]
) -> list[list[Cell]]:
    """The row with some noise, or none where nothing was spent."""
    channel, campaign, category, usual, currency = row
    spread = 0.15 if category == "media" else 0.03
    amount = money(usual * rng.lognormvariate(0, spread))
    return [[day_text(month), channel, campaign, category, amount, currency]] if usual else []


def booked_months() -> list[int]:
    """The months whose books are closed."""
    return [month for month in month_starts() if months_after(month, 1) < END]


def cost_table(revenue: dict[tuple[int, str], float]) -> Table:
    """costs.csv from the monthly revenue by (month, plan), in euro."""
    rng, rows = Random("costs"), list[list[Cell]]()
    for month in booked_months():
        for plan, share in COGS.items():
            hosting = revenue[month, plan] * share * 0.6
            for feature, part in FEATURES.items():
                amount = money(hosting * part * rng.lognormvariate(0, 0.06))
                rows.append([day_text(month), None, plan, feature, "cogs", amount, "EUR"])
            care = money(revenue[month, plan] * share * 0.4 * rng.lognormvariate(0, 0.05))
            rows.append([day_text(month), None, plan, None, "support", care, "EUR"])
    header = ("month", "account_id", "plan", "feature", "category", "amount", "currency")
    return Table("costs.csv", header, rows)
