"""What did not count: who was left out of the headlines, and what was not read of the files."""

from collections.abc import Iterable, Mapping, Sequence

from kpicli.reports.blocks import Note
from kpicli.reports.reasons import name_source
from kpicli.reports.series import Series
from kpicli.reports.wording import count_of
from kpicli.results import Card, Joined, Outcome, SourceRecord, Unmatched

_WHY_LEFT_OUT = {
    "excluded": "excluded",
    "ineligible": "not eligible",
    "immature": "too young for the window",
    "unknown": "lacking a value",
    "unparsable": "with a value that cannot be read",
    "not_converted": "without an exchange rate",
}
_WHY_WHO = {**_WHY_LEFT_OUT, "unknown": "in no list or lacking a value"}
_WHY_NOT_READ = {
    "unread": "broken",
    "undated": "without a date",
    "duplicate": "twice in the file",
    "conflict": "at odds with another row of the same key",
    "later": "later than the reading date",
}
_MOST = 6
# Sums of fractions differ in their last digits.
_NEAR = 1e-9


def note_left_out(series: Iterable[Series]) -> tuple[Note, ...]:
    """One line on who the headline totals leave out: the largest groups, and of which KPIs.

    The same number under the same reason is written once, as it is mostly the same people.
    """
    found: dict[tuple[int, str], list[str]] = {}
    for one in series:
        for why, number in one.headline.left_out.items():
            if number:
                key = (number, _write_left_out(why, number, one.card))
                found.setdefault(key, []).append(one.card.title)
    largest = sorted(found.items(), key=lambda item: -item[0][0])
    texts = [f"{text} ({_name_kpis(titles)})" for (_, text), titles in largest[:_MOST]]
    if len(largest) > _MOST:
        more = len(largest) - _MOST
        texts.append(f"{more} more {'group' if more == 1 else 'groups'}")
    return (Note(f"Left out: {' · '.join(texts)}", "coverage"),) if texts else ()


def note_outside(series: Iterable[Series]) -> tuple[Note, ...]:
    """Rates and means whose total is above or below all of its groups, which readers wonder at."""
    found: dict[tuple[str, tuple[str, ...]], list[Series]] = {}
    totals = {}
    for one in series:
        if one.part is None and one.age is None and one.headline.denominator is not None:
            name = one.card.name
            if one.by:
                found.setdefault((name, tuple(one.by)), []).append(one)
            else:
                totals[name] = one
    told = (_outside(totals.get(name), groups) for (name, _), groups in found.items())
    return tuple(Note(text, "coverage") for text in told if text)


def _outside(total: Series | None, groups: Sequence[Series]) -> str | None:
    """Why a total is no mean of its groups: some have no value, or one counts in several."""
    values = [one.headline.value for one in groups if one.headline.value is not None]
    value = total.headline.value if total else None
    if total is None or value is None or not values:
        return None
    near = _NEAR * abs(value)
    if min(values) - near <= value <= max(values) + near:
        return None
    split = " × ".join(groups[0].by)
    counted = sum(one.headline.n for one in groups)
    why = "some count in several groups, or for another group than before"
    if counted < total.headline.n:
        why = "some stand in no group that has a value"
    return f"{total.card.title}: the total lies outside its groups by {split}: {why}"


def note_caveats(series: Iterable[Series]) -> tuple[Note, ...]:
    """What definitions claim of the past, with the numbers that rest on it."""
    cards = {one.card.name: one.card for one in series}
    found: dict[str, list[str]] = {}
    for card in cards.values():
        for claim in card.caveats:
            found.setdefault(claim, []).append(card.title)
    return tuple(
        Note(f"{'; '.join(titles)}: {claim[0].lower()}{claim[1:]}", "coverage")
        for claim, titles in found.items()
    )


def note_not_read(outcome: Outcome) -> tuple[Note, ...]:
    """One line on the rows and cells of the sources behind the numbers, not read as written."""
    behind = {name for card in outcome.kpis for name in card.sources}
    texts = [
        write_not_read(source)
        for source in outcome.meta.sources
        if source.name in behind and any(source.not_read.values())
    ]
    if not texts:
        return ()
    return (Note(f"Not read: {' · '.join(texts)} (kpi validate shows them)", "coverage"),)


def note_unmatched(outcome: Outcome) -> tuple[Note, ...]:
    """A line per column by which rows behind the numbers should be somebody's, and some are not."""
    behind = {name for card in outcome.kpis for name in card.sources}
    texts = [
        write_unmatched(source, one)
        for source in outcome.meta.sources
        for one in source.unmatched
        if source.name in behind and one.rows
    ]
    return tuple(Note(f"Not matched: {text}", "coverage") for text in texts)


def note_excluded(outcome: Outcome) -> tuple[Note, ...]:
    """One line on the rows of the sources behind the numbers that count nowhere, and why."""
    behind = {name for card in outcome.kpis for name in card.sources}
    texts = [
        f"{count_of(rows, 'rows')} of {source.name} ({reason})"
        for source in outcome.meta.sources
        for reason, rows in source.excluded.items()
        if source.name in behind and rows
    ]
    return (Note(f"Excluded: {' · '.join(texts)}", "coverage"),) if texts else ()


def note_lost(outcome: Outcome) -> tuple[Note, ...]:
    """One line on the rows behind the numbers whose partner is in no table."""
    followed = {join for card in outcome.kpis for join in card.joins}
    texts = [
        f"{count_of(one.lost, 'rows')} of {source.name} in {one.table} by {one.column} "
        f"({write_share(one.lost / one.rows)})"
        for source in outcome.meta.sources
        for one in source.joined
        if one.lost and (source.name, one.column, one.table) in followed
    ]
    return (Note(f"Without a partner: {' · '.join(texts)}", "coverage"),) if texts else ()


def write_joined(one: Joined) -> str:
    """How many rows join: "99.7 % of 3,728 rows join, 10 are empty, 1 finds no partner"."""
    share = one.joined / one.rows if one.rows else None
    told = [f"{write_share(share)} of {count_of(one.rows, 'rows')} join"]
    told += [f"{one.empty:,} empty"] if one.empty else []
    told += [f"{one.lost:,} without a partner"] if one.lost else []
    return ", ".join(told)


def write_unmatched(source: SourceRecord, one: Unmatched) -> str:
    """Rows whose id is nobody's: "1,204 rows of events match no user: 3.1 %, 310 ids"."""
    whose = f"match no {count_of(1, one.table)[2:]}" if one.table else f"have no {one.column}"
    ids = f", {count_of(one.ids, 'ids')}" if one.ids else ""
    share = write_share(one.rows / one.of if one.of else None)
    return f"{count_of(one.rows, 'rows')} of {source.name} {whose}: {share}{ids}"


def write_share(share: float | None) -> str:
    """Never 100 % where something is missing, never 0 % where something is there."""
    if share is None:
        return "–"
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    return f"{min(max(100 * share, 0.1), 99.9):.1f} %"


def write_coverage(number: int, left_out: Mapping[str, int], card: Card) -> str:
    """How many stand behind one value, and who does not: "4,210 users, without 31 excluded"."""
    words = _WHY_LEFT_OUT | dict(card.left_out)
    texts = [f"{left:,} {words.get(why, why)}" for why, left in left_out.items() if left]
    counted = count_of(number, card.counts)
    return f"{counted}, without {' and '.join(texts)}" if texts else counted


def write_not_read(source: SourceRecord) -> str:
    """Rows and cells that were not read as written, by why: "2 rows of x.csv: 2 without a date"."""
    cells = source.not_read.get("unparsable", 0)
    rows = {why: number for why, number in source.not_read.items() if why != "unparsable"}
    whys = ", ".join(
        f"{number:,} {_WHY_NOT_READ.get(why, why)}" for why, number in rows.items() if number
    )
    texts = []
    if whys:
        texts.append(f"{count_of(sum(rows.values()), 'rows')} of {name_source(source)}: {whys}")
    if cells:
        of_source = "" if whys else f" of {name_source(source)}"
        texts.append(f"{count_of(cells, 'cells')}{of_source} with a value that makes no sense")
    return "; ".join(texts)


def _write_left_out(why: str, number: int, card: Card) -> str:
    words = (_WHY_LEFT_OUT if card.counts == "rows" else _WHY_WHO) | dict(card.left_out)
    return f"{count_of(number, card.counts)} {words.get(why, why)}"


def _name_kpis(titles: list[str]) -> str:
    named = list(dict.fromkeys(titles))
    return named[0] if len(named) == 1 else f"in {len(named)} KPIs"
