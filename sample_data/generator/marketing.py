"""Campaign mails and visits to the web site."""

from random import Random

from generator.chance import count_of
from generator.customers import Customer
from generator.days import DAY, END, HOUR, START, at, local_text, season, weekday
from generator.files import Cell, Table
from generator.truths import CLICK_RATE, SUBMIT_RATE

PAGES = {"/": 34, "/pricing": 17, "/demo": 9, "/blog": 32, "/webinar": 8}
ORIGINS = {
    "google": ("search_brand", "search_reporting", None, None),
    "direct": (None,),
    "newsletter": ("newsletter",),
    "linkedin": ("outbound_dach", None),
    "partner": ("partner_program",),
}
OPENS = {"newsletter": 0.31, "product_update": 0.38, "webinar_invite": 0.27, "winback": 0.18}
LIST_SIZE = {"newsletter": 5200, "product_update": 1500, "webinar_invite": 3900, "winback": 420}


def email_table() -> Table:
    """emails.csv: one row per send of a campaign."""
    rng, rows = Random("mails"), list[list[Cell]]()
    for monday in range(START, END, 7):
        week = (monday - START) // 7
        for nth, campaign in enumerate(CLICK_RATE):
            if nth == 0 or week % (4, 2, 4)[nth - 1] == nth - 1:
                rows.append(email_row(rng, monday + 1 + nth % 3, campaign))
    header = ("sent_at", "campaign", "sent", "delivered", "opens", "clicks", "bounces")
    return Table("emails.csv", header, rows)


def email_row(rng: Random, day: int, campaign: str) -> list[Cell]:
    """One send; whoever clicks has opened."""
    growth = 0.85 + 0.3 * (day - START) / (END - START)
    sent = round(LIST_SIZE[campaign] * growth * rng.uniform(0.96, 1.04))
    bounces = round(sent * rng.uniform(0.006, 0.018))
    delivered = sent - bounces
    clicks = count_of(rng, delivered, CLICK_RATE[campaign] * season(day) ** 0.3)
    opens = max(clicks, count_of(rng, delivered, OPENS[campaign] * rng.uniform(0.92, 1.08)))
    moment = at(day, 9 * HOUR + 60 * rng.randrange(90))
    return [local_text(moment), campaign, sent, delivered, opens, clicks, bounces]


def session_table(customers: list[Customer], rate: float = 8.8) -> Table:
    """sessions.csv: web sessions in order of their start, rate per ordinary day."""
    rng, drawn = Random("web"), list[tuple[int, list[Cell]]]()
    known = sorted(person.user_id for customer in customers for person in customer.people)
    for day in range(START, END):
        growth = 0.85 + 0.35 * (day - START) / (END - START)
        mean = rate * growth * season(day) * (0.45 if weekday(day) > 4 else 1.18)
        for _ in range(max(0, round(rng.normalvariate(mean, mean**0.5)))):
            drawn.append(web_session(rng, day, known))
    rows = [[f"W{nth:05d}", *cells] for nth, (_, cells) in enumerate(sorted(drawn, key=first), 1)]
    header = (
        "session_id,visitor_id,user_id,start,end,page_views,landing_page,source,campaign,submitted"
    )
    table = Table("sessions.csv", tuple(header.split(",")), rows)
    table.spoil("end", (None,) * 40)
    table.spoil("page_views", ("-", "two"))
    return table


def first(pair: tuple[int, list[Cell]]) -> tuple[int, str]:
    """Sort key: the moment, then the visitor."""
    return pair[0], str(pair[1][0])


def web_session(rng: Random, day: int, known: list[str]) -> tuple[int, list[Cell]]:
    """A visit; nobody submits a form on a page left at once."""
    start = at(day, rng.randrange(7 * HOUR, 23 * HOUR))
    pages = 1 if rng.random() < 0.46 else 2 + int(rng.expovariate(0.45))
    seconds = rng.randrange(3, 40) if pages == 1 else int(pages * rng.expovariate(1 / 50)) + 15
    page = rng.choices(list(PAGES), list(PAGES.values()))[0]
    source = rng.choices(list(ORIGINS), (46, 26, 12, 10, 6))[0]
    submitted = pages > 1 and rng.random() < SUBMIT_RATE[page] / 0.54
    visitor = f"v{int(rng.paretovariate(0.5) * 7919 + day * 31) % 6100:04d}"
    user = rng.choice(known) if rng.random() < 0.07 else None
    end = min(start + seconds, at(start // DAY, DAY))
    cells: list[Cell] = [
        visitor,
        user,
        local_text(start),
        local_text(end),
        pages,
        page,
        source,
        rng.choice(ORIGINS[source]),
        "yes" if submitted else "no",
    ]
    return start, cells
