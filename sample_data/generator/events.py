"""Product events as the analytics tool writes them, a Parquet file a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import polars as pl

from generator import truths
from generator.customers import Customer
from generator.days import DAY, END, HOUR, START, at, number, utc
from generator.records import Person

RELEASES = [(number(2023, 9, 18) + 35 * n, f"4.{n}") for n in range(22)]
PHONE_DELAY = 18
TEMPLATES = ("sales", "finance", "marketing", "board", "blank")
PAGES = ("/settings", "/members", "/billing", "/help")
MARKS = {
    "report_created": ("template", TEMPLATES),
    "page_viewed": ("page", PAGES),
    "export_downloaded": ("format", ("csv", "xlsx", "pdf")),
    "error_shown": ("code", ("403", "500", "504")),
    "integration_connected": ("name", ("crm", "warehouse", "sheets", "ads")),
}
SELDOM = {
    "page_viewed": 0.2,
    "export_downloaded": 0.08,
    "error_shown": 0.02,
    "invite_sent": 0.012,
    "integration_connected": 0.008,
}
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "event_id": pl.String,
    "event": pl.String,
    "distinct_id": pl.String,
    "account_id": pl.String,
    "session_id": pl.String,
    "timestamp": pl.Datetime("ms"),
    "received_at": pl.Datetime("ms"),
    "product_version": pl.String,
    "region": pl.String,
    "platform": pl.String,
    "properties": pl.String,
}


@dataclass(frozen=True)
class Session:
    """Events of one person in one go: moments with names."""

    person: Person | None
    region: str
    platform: str
    events: list[tuple[int, str]]


def save_events(customers: list[Customer], folder: Path) -> int:
    """Write one file per month in which events arrived; the number of rows."""
    rows = list(arrivals(sorted(sessions(customers), key=lambda session: session.events[0])))
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    months = frame.with_columns(month=pl.col("received_at").dt.strftime("%Y-%m"))
    for (month,), part in sorted(months.partition_by("month", as_dict=True).items()):
        doubled = repeat_some(part.drop("month"), str(month))
        doubled.write_parquet(folder / f"{month}.parquet", compression_level=15)
    return len(rows)


def repeat_some(frame: pl.DataFrame, month: str) -> pl.DataFrame:
    """Two in a thousand rows were sent twice; in order of time."""
    twice = Random(f"twice {month}").sample(range(len(frame)), round(0.002 * len(frame)))
    both = pl.concat([frame, frame[sorted(twice)]])
    return both.sort("timestamp", "event_id", maintain_order=True)


def sessions(customers: list[Customer]) -> Iterator[Session]:
    """All sessions of all people, and the few of nobody known."""
    rng = Random("sessions")
    for customer in customers:
        for person in customer.people:
            for day, reports in sorted(person.visits.items()):
                if START <= day < END:
                    yield from visit(rng, customer, person, day, reports)
    for _ in range(140):
        moment = at(rng.randrange(START, END), rng.randrange(8 * HOUR, 20 * HOUR))
        yield Session(None, "DACH", "web", [(moment, "page_viewed")])


def visit(
    rng: Random, customer: Customer, person: Person, day: int, reports: int
) -> Iterator[Session]:
    """One day of one person: a session, or two."""
    begins = at(day, customer.hour(11.5))
    if day == person.born:
        begins = max(begins, person.created + rng.randrange(20, 400))
    names = chores(rng, day) + ["report_created"] * reports
    if day > person.born + 7 and rng.random() < 0.035:
        names.append("alert_created")
    yield Session(person, customer.company.region, device(rng, person), paced(rng, begins, names))
    if person.alert is not None and person.alert // DAY == day:
        yield Session(person, customer.company.region, "web", [(person.alert, "alert_created")])
    if rng.random() < 0.12:
        again = max(begins + 2 * HOUR, at(day, customer.hour(15)))
        more = paced(rng, again, ["dashboard_viewed"])
        yield Session(person, customer.company.region, device(rng, person), more)


def chores(rng: Random, day: int) -> list[str]:
    """What people do besides: see dashboards, now and then something else."""
    names = ["login"] * (rng.random() < 0.52) + ["dashboard_viewed"] * (1 + (rng.random() < 0.2))
    for name, chance in SELDOM.items():
        worse = 5 if name == "error_shown" and day in truths.BAD_WEEK else 1
        names += [name] * (rng.random() < chance * worse)
    return names


def paced(rng: Random, begins: int, names: list[str]) -> list[tuple[int, str]]:
    """Names with moments some seconds apart, inside the day."""
    moment, last, events = begins, at(begins // DAY, DAY), []
    for name in names:
        events.append((min(moment, last), name))
        moment += 5 + int(rng.expovariate(1 / 90))
    return events


def device(rng: Random, person: Person) -> str:
    """Where the person sits."""
    if not person.phone or rng.random() < 0.4:
        return "web"
    return "ios" if int(person.created) % 3 else "android"


def arrivals(ordered: list[Session]) -> Iterator[tuple[object, ...]]:
    """Rows in order of their sessions, without those that have not arrived yet."""
    rng, event_number = Random("arrivals"), 0
    for session_number, session in enumerate(ordered, 1):
        for moment, name in session.events:
            event_number += 1
            happened = utc(moment)
            received = happened + timedelta(seconds=lag(rng, moment, session.platform))
            if received < utc(at(END, 0)):
                yield (
                    f"e{event_number:06d}",
                    name,
                    *who(rng, session, session_number),
                    happened,
                    received,
                    version(moment // DAY, session.platform),
                    None if rng.random() < 0.004 else session.region,
                    session.platform,
                    properties(rng, name),
                )


def who(rng: Random, session: Session, number: int) -> tuple[str, str | None, str]:
    """User, account and session as they were tracked."""
    if session.person is None:
        return f"anon-{number % 97}", None, f"s{number:06d}"
    account_id = None if rng.random() < 0.003 else session.person.account_id
    return session.person.user_id, account_id, f"s{number:06d}"


def lag(rng: Random, moment: int, platform: str) -> int:
    """Seconds from the event to its arrival; a few phones were offline for days."""
    if rng.random() < 0.0012:
        return rng.randrange(6 * HOUR, 6 * DAY)
    if moment // DAY in truths.BAD_WEEK:
        return int(rng.lognormvariate(7.5, 1.2))
    middle, spread = (3.5, 0.9) if platform == "web" else (4.1, 1.2)
    return int(rng.lognormvariate(middle, spread))


def version(day: int, platform: str) -> str:
    """The product's version on that day; phones are behind."""
    seen = day - (0 if platform == "web" else PHONE_DELAY)
    released = [name for since, name in RELEASES if since <= seen]
    return released[-1] if released else "3.9"


def properties(rng: Random, name: str) -> str | None:
    """A small JSON text on the events that have one."""
    if name not in MARKS:
        return None
    key, values = MARKS[name]
    return f'{{"{key}":"{rng.choice(values)}"}}'
