"""A made-up CRM: deals with the history of their stages, and the leads they came from."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

BOOK = """
version: 1
timezone: Europe/Berlin
currency: EUR
sources:
  deals: {path: deals.csv, key: deal_id, start: created_at, end: closed_at, types: {amount: money}, quiet: 1y}
  deal_stages: {path: stages*.csv, time: entered_at, quiet: 1y}
  leads: {path: leads.csv, key: lead_id, time: created_at, refers_to: {deals: opportunity_id}, quiet: 1y}
segments:
  band: {of: leads.score, from: {low: 0, high: 50}}
kpis:
"""  # noqa: E501
STAGES = ("first", "demo", "offer", "contract")
FIRST_DAY = date(2024, 1, 1)
Row = dict[str, object]


def write_deals(folder: Path, seed: int, deals: int = 250) -> None:
    """deals.csv, stages1.csv and stages2.csv, leads.csv; the stages' rows in no order."""
    chance = Random(seed)
    rows, stages = [], list[Row]()
    for number in range(deals):
        deal = _deal(chance, f"D{number}")
        rows.append(deal)
        stages += _stages(chance, deal)
    stages.append({**stages[0], "deal_id": "nobody's"})
    chance.shuffle(stages)
    half = len(stages) // 2
    _write(folder / "deals.csv", rows)
    _write(folder / "stages1.csv", stages[:half])
    _write(folder / "stages2.csv", stages[half:])
    _write(folder / "leads.csv", [_lead(chance, number, deals) for number in range(2 * deals)])


def _deal(chance: Random, name: str) -> Row:
    created = FIRST_DAY + timedelta(days=chance.randrange(330))
    outcome = chance.choice(("won", "lost", "lost", "open"))
    closed = created + timedelta(days=chance.randrange(120)) if outcome != "open" else None
    return {
        "deal_id": name,
        "created_at": created,
        "closed_at": closed,
        "is_won": "yes" if outcome == "won" else "no",
        "is_closed": "no" if outcome == "open" else "yes",
        "amount": chance.choice((None, 0, 99.5, 1000, 2500.25, 4000)),
        "type": chance.choice(("New Business", "New Business", "Expansion")),
    }


def _stages(chance: Random, deal: Row) -> Iterator[Row]:
    """Forwards, back, with jumps, two at one instant; now and then one after the closing."""
    created = deal["created_at"]
    at = datetime.combine(created, datetime.min.time()) if isinstance(created, date) else None
    place = 1
    for _ in range(chance.randrange(1, 6)):
        yield {
            "deal_id": deal["deal_id"],
            "entered_at": at,
            "stage": STAGES[place - 1],
            "position": place,
            "probability": chance.choice((0.1, 0.5, None)),
        }
        at = at and at + timedelta(hours=chance.choice((0, 5, 20, 200, 700)))
        place = chance.choice([other for other in range(1, 5) if other != place])


def _lead(chance: Random, number: int, deals: int) -> Row:
    created = FIRST_DAY + timedelta(days=chance.randrange(360))
    return {
        "lead_id": f"L{number}",
        "created_at": created,
        "score": chance.choice((None, 10, 49, 50, 90)),
        "sql_at": _clock(chance, created) if chance.random() < 0.6 else None,
        "opportunity_id": f"D{chance.randrange(deals)}" if chance.random() < 0.5 else None,
    }


def _clock(chance: Random, day: date) -> datetime:
    """A time of day: a deal of that date may still be later."""
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=chance.randrange(1, 200))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
