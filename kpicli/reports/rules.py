"""The rule in force at every choice that a KPI leaves to its definition."""

from collections.abc import Iterator
from datetime import timedelta

from kpicli.definitions.book import Book
from kpicli.engine.focus import Focus
from kpicli.needs import Need
from kpicli.reports.detail import write_targets
from kpicli.reports.periods import describe_period, write_day
from kpicli.results import Card, Result
from kpicli.sources.declaration import Source

Fact = tuple[str, str]


def rules_in_force(book: Book, focus: Focus, card: Card, result: Result) -> Iterator[Fact]:
    """Choices and what holds for this number, in the order in which a row meets them."""
    yield "Definition", card.definition
    yield from _sources(book, focus)
    for name in _sources_of_inputs(focus):
        yield "Read to", _read_to(focus, name)
    yield "Period", _period(card, result)
    for need in focus.step.kpi.needs.values():
        if need.where:
            yield "Where", f"{need.source}: {need.where.text}"
    if focus.room.asked.also:
        yield "Where, asked", focus.room.asked.also.text
    yield from _segment(book, focus)
    yield from _splits(book, focus)
    yield from _judgement(book, card, result)


def _sources(book: Book, focus: Focus) -> Iterator[Fact]:
    """The rules of each source, once for every column that dates its rows."""
    needs = {_dated(book, need): need for need in focus.step.kpi.needs.values()}
    for need in needs.values():
        source = book.sources[need.source]
        yield "Dated by", _dated(book, need)
        yield "Repeated rows", _repeated(need.source, source)
        yield "Excluded", _excluded(book, focus, need.source)
        money = _money(book, focus, need)
        if money:
            yield "Currency", money
        yield "Read to", _read_to(focus, need.source)


def _sources_of_inputs(focus: Focus) -> dict[str, None]:
    """The sources that a formula is told from in the end."""
    found = dict.fromkeys(name for one in focus.inputs() for name in one.step.kpi.sources)
    for one in focus.inputs():
        found |= _sources_of_inputs(one)
    return found


def _dated(book: Book, need: Need) -> str:
    source, calendar = book.sources[need.source], book.calendar
    if need.shape == "span":
        start, end = need.start or source.start or source.time, need.end or source.end
        columns = f"from {start} to {end}, an empty end is still open" if end else f"from {start}"
        if need.states_of:
            columns += f", each row until the next of the same {need.states_of}"
    elif need.time or source.happened:
        columns = str(need.time or source.happened)
    else:
        return f"{need.source} has no time: the list as it is"
    return f"{columns} of {need.source}; days are those of {calendar.zone_name}"


def _repeated(name: str, source: Source) -> str:
    if not source.unique:
        return f"not looked for: {name} has no unique:"
    key = ", ".join(source.unique)
    kept = f"the newest by {source.updated}" if source.updated else "that of the later file"
    within = "" if source.unique_over == "all" or not source.happened else " on one day"
    return f"rows with one {key}{within} are one row; where they differ {kept} counts"


def _excluded(book: Book, focus: Focus, name: str) -> str:
    """Exclusions that took rows of this source, directly or by reference."""
    taken = focus.room.desk.opened[name].record.excluded
    told = [
        f"{one.reason} ({one.source}: {one.where.text})"
        for one in book.exclude
        if one.source == name or one.reason in taken
    ]
    return "; ".join(dict.fromkeys(told)) or "nothing"


def _money(book: Book, focus: Focus, need: Need) -> str:
    """How amounts come to be in one currency; empty where no money is asked for."""
    opened = focus.room.desk.opened[need.source]
    source, types = opened.source, opened.types
    named = {name for told in need.expressions() for name in told.names}
    if not any(types.get(name) == "money" for name in named):
        return ""
    if source.rates:
        rate = f"the rate of the day in {source.rates.on} ({source.rates.source}), or the last one"
        return f"amounts in their {source.currency_column}, told in {book.currency} by {rate}"
    if source.currency_column:
        return f"{source.currency_column}; several currencies would be an error"
    return f"{source.currency or book.currency}, as written"


def _read_to(focus: Focus, name: str) -> str:
    """Up to which day a source is read: by its own dates, or later by those the KPI counts by."""
    record, reach = focus.room.desk.opened[name].record, focus.values.spine.reaches.get(name)
    read_to, quiet = record.read_to, record.quiet_days or 0
    if reach and (read_to is None or reach.read_to > read_to):
        read_to, quiet = reach.read_to, reach.quiet
    if read_to is None:
        return f"{name}: as it is today"
    silent = f"; may be silent for {quiet} day{'s' if quiet != 1 else ''}" if quiet else ""
    return f"{name} to {write_day(read_to - timedelta(days=1))}{silent}"


def _period(card: Card, result: Result) -> str:
    window = f", looking back {card.window}" if card.window else ""
    if result.start is None:
        return describe_period(result)
    running = "" if result.complete else "; not complete"
    return f"per {card.grain}: {describe_period(result)}{window}{running}"


def _segment(book: Book, focus: Focus) -> Iterator[Fact]:
    for name, value in focus.by:
        segment = book.segments.get(name)
        told = segment and (segment.of or segment.where or segment.did)
        by = told.text if told else name
        yield "Segment", f"{name} = {value}, by {by}" if by != name else f"{name} = {value}"


def _splits(book: Book, focus: Focus) -> Iterator[Fact]:
    """What a split by something that is told anew in every period means."""
    asked = {name for name, _ in focus.by}
    for name in dict.fromkeys(name for split in focus.step.by for name in split):
        segment = book.segments.get(name)
        if segment and segment.did and name not in asked:
            yield "Split by", f"{name}: {segment.did.text}; the rest is other"


def _judgement(book: Book, card: Card, result: Result) -> Iterator[Fact]:
    written = book.kpis[card.name].written
    yield "Target", write_targets(card, result) or "none in force"
    if written.min_n:
        yield "Too few", f"below {written.min_n} {card.counts} it is shown and not judged"
    if written.red_after > 1:
        yield "Red after", f"{written.red_after} misses in a row"
    if written.mute:
        why = f": {written.mute.reason}" if written.mute.reason else ""
        yield "Muted", f"until {write_day(written.mute.until)}{why}"
    if card.owner:
        yield "Owner", ", ".join(card.owner)
    if card.if_red:
        yield "If missed", card.if_red
