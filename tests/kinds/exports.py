"""Exports of a made-up company, with the warts that real ones have; always the same."""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

FIRST, LAST = date(2020, 1, 1), date(2021, 4, 30)
# Nights on which Berlin changes its clocks, and the turn of a year with a week 53.
NIGHTS = (
    datetime(2020, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2020, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2020, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2021, 3, 28, 0, 30, tzinfo=UTC),
)
Row = dict[str, Any]


def write_exports(folder: Path) -> None:
    """All files into a folder."""
    chance = random.Random(20200329)
    accounts, users = list(_accounts(chance)), list(_users(chance))
    orders = list(_orders(chance))
    early = [row for number, row in enumerate(orders) if number % 3]
    late = [row for number, row in enumerate(orders) if not number % 3]
    copies = chance.sample(early, 60)
    _write(folder / "regions.csv", _regions())
    _write(folder / "accounts.csv", accounts)
    _write(folder / "users.csv", users)
    _write(folder / "orders/1.csv", [*early, *chance.sample(early, 40), *_changed(chance, early)])
    # The later file has one column more, in another order, and rows of the first once again.
    _write(folder / "orders/2.csv", [{"note": "", **_backwards(row)} for row in [*late, *copies]])
    _write(folder / "rates.csv", _rates(chance))
    _write(folder / "subscriptions.csv", _subscriptions(chance))
    _write(folder / "tickets.csv", _tickets(chance))
    _write(folder / "stock.csv", _stock(chance))
    _write_answers(folder / "answers.parquet", chance)


def _write(path: Path, rows: Iterable[Row]) -> None:
    listed = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def _backwards(row: Mapping[str, Any]) -> Row:
    return dict(reversed(list(row.items())))


def _pick(chance: random.Random, *values: Any) -> Any:
    return chance.choice(values)


def _regions() -> Iterable[Row]:
    names = {"R1": "north", "R2": "south", "R3": "", "R4": "west"}
    return [{"region_id": key, "name": name} for key, name in names.items()]


def _accounts(chance: random.Random) -> Iterable[Row]:
    for number in range(60):
        yield {
            "account_id": f"A{number}",
            "plan": _pick(chance, "free", "free", "pro", "enterprise", ""),
            "employees": _pick(chance, "", 0, 12, 49, 50, 51, 999, 1000, 20000),
            "email_domain": "acme.com" if number % 20 == 0 else f"a{number}.org",
            "region_id": _pick(chance, "R1", "R2", "R3", "R4", "R9", ""),
        }


def _users(chance: random.Random) -> Iterable[Row]:
    for number in range(200):
        yield {
            "user_id": f"U{number}",
            "account_id": "" if number % 37 == 0 else f"A{chance.randrange(62)}",
            "is_test": _pick(chance, "yes", "", *["no"] * 20),
        }


def _instant(chance: random.Random, number: int) -> datetime:
    if number % 25 == 0:
        night = NIGHTS[number // 25 % len(NIGHTS)]
        return night + timedelta(minutes=chance.randrange(-180, 180))
    days = (LAST - FIRST).days + 1
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    return start + timedelta(days=chance.randrange(days), seconds=chance.randrange(86_400))


def _orders(chance: random.Random) -> Iterable[Row]:
    for number in range(4000):
        placed = _instant(chance, number)
        paid = placed.date() + timedelta(days=chance.randrange(30))
        delivered = chance.randrange(200)
        yield {
            "order_id": f"O{number}",
            "placed_at": "" if number % 211 == 0 else f"{placed:%Y-%m-%dT%H:%M:%SZ}",
            "user_id": "" if number % 101 == 0 else f"U{chance.randrange(204)}",
            "amount": _amount(chance, number),
            "currency": _pick(chance, "EUR", "EUR", "USD", " usd", "GBP", "SEK", ""),
            "pieces": _pick(chance, "", 0, 1, 2, 3, 10),
            "weight": _pick(chance, "", "0.1", "0.25", "1.7", "-0.3", "1e-3"),
            "status": _pick(chance, "new", "paid", "paid", "returned", ""),
            "device": _pick(chance, "phone", "desktop", "tablet", ""),
            "city": f"C{int(chance.paretovariate(1.1)) % 30:02}",
            "paid_on": _pick(chance, "", paid.isoformat(), paid.isoformat()),
            "delivered": _pick(chance, "", delivered, delivered, delivered),
            "clicks": _pick(chance, "", delivered // 3, delivered // 3),
            "changed": f"{placed + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        }


def _amount(chance: random.Random, number: int) -> str:
    if number % 307 == 0:
        return "n/a"
    cents = chance.randrange(-2_000, 100_000)
    return chance.choice(["", *[f"{cents / 100:.2f}"] * 9])


def _changed(chance: random.Random, rows: list[Row]) -> Iterable[Row]:
    """Later states of rows of the same file and day: the same key, another content."""
    for row in chance.sample(rows, 20):
        yield {**row, "status": "corrected", "changed": "2021-06-01T00:00:00Z"}


def _rates(chance: random.Random) -> Iterable[Row]:
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if day.weekday() < 5:
            yield {"day": day, "currency": "USD", "rate": f"{chance.uniform(0.8, 0.95):.4f}"}
            if day >= date(2020, 3, 1):
                yield {"day": day, "currency": "gbp", "rate": f"{chance.uniform(1.1, 1.2):.5f}"}


def _subscriptions(chance: random.Random) -> Iterable[Row]:
    for number in range(600):
        start = FIRST + timedelta(days=chance.randrange(-300, (LAST - FIRST).days + 1))
        end = start + timedelta(days=chance.choice((0, 1, 30, 90, 200, 365)))
        yield {
            "subscription": f"S{number}",
            "account_id": f"A{chance.randrange(60)}",
            "begins": "" if number % 97 == 0 else start,
            "ends": _pick(chance, "", end),
            "fee": _pick(chance, "", "10.00", "19.99", "250.5"),
            "status": _pick(chance, "live", "over", ""),
        }


def _tickets(chance: random.Random) -> Iterable[Row]:
    """Times as clocks in Berlin show them, without a zone."""
    for number in range(1500):
        days = chance.randrange((LAST - FIRST).days + 1)
        opened = datetime(2020, 1, 1) + timedelta(days=days, minutes=chance.randrange(8 * 60, 1440))
        solved = opened + timedelta(minutes=chance.randrange(30, 6_000))
        if solved.hour < 5:
            solved += timedelta(hours=6)
        yield {
            "opened": f"{opened:%Y-%m-%d %H:%M}",
            "solved": "" if number % 9 == 0 else f"{solved:%Y-%m-%d %H:%M}",
            "account_id": f"A{chance.randrange(60)}",
        }


def _stock(chance: random.Random) -> Iterable[Row]:
    for number in range(300):
        yield {
            "item": f"I{number}",
            "shelf": _pick(chance, "a", "b", ""),
            "price": _pick(chance, "", "1.10", "2.25", "100"),
            "quantity": _pick(chance, "", 0, 3, 7),
            "sold_out": _pick(chance, "true", "false", ""),
        }


def _write_answers(path: Path, chance: random.Random) -> None:
    count = 2500
    at = [_instant(chance, number).replace(tzinfo=None) for number in range(count)]
    pl.DataFrame(
        {
            "answered_at": pl.Series(at, dtype=pl.Datetime("ms")),
            "score": [_pick(chance, None, 0, 3, 6, 7, 8, 9, 10, 10) for _ in range(count)],
            "account_id": [f"A{chance.randrange(60)}" for _ in range(count)],
            "survey": [_pick(chance, "nps", "nps", "other", None) for _ in range(count)],
        }
    ).write_parquet(path)
