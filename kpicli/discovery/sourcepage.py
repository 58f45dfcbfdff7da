"""A source in the definitions file that is written, with its comments."""

from collections.abc import Iterator, Sequence

from kpicli.discovery.drafts import Draft
from kpicli.discovery.relations import Relation
from kpicli.discovery.settling import order_of
from kpicli.discovery.writing import comment, entry, listed, one_line


def source_lines(draft: Draft, relations: Sequence[Relation]) -> Iterator[str]:
    """The comments and keys of a source, indented as in the file."""
    yield from comment(f"{told_rows(draft)} · {draft.look.written}", 2)
    yield from comment(_place(draft), 2)
    for reason in _remarks(draft):
        yield from comment(reason, 2)
    yield f"  {draft.name}:"
    for key, value in draft.keys.items():
        if key == "columns":
            yield "    columns:"
            for ours, header in value.items():
                yield from entry(ours, header, 6, draft.why.get(ours))
        else:
            yield from entry(key, value, 4, _why_key(draft, relations, key))
    yield from _both_readings(draft)
    yield from _other_columns(draft)


def told_rows(draft: Draft) -> str:
    """How many rows there are and from when to when, as far as all of them were looked at."""
    rows = f"{draft.look.rows:,} row{'' if draft.look.rows == 1 else 's'}"
    if draft.look.looked < draft.look.rows:
        return f"{rows}, {draft.look.looked:,} of them looked at"
    return f"{rows}, {draft.span[0]} to {draft.span[1]}" if draft.span else rows


def _remarks(draft: Draft) -> Iterator[str]:
    if draft.unsettled:
        yield (
            "Its dates may be read in two ways. Keep one of the lines dates: and take the # away,"
            " or run kpi init again with --dates day-first or --dates month-first, which also"
            " adds its KPIs."
        )
    if draft.group.table.reason:
        yield draft.group.table.reason
    yield from draft.guesses
    yield from draft.dropped


def _other_columns(draft: Draft) -> Iterator[str]:
    """What the file has beside the columns that the keys name."""
    if draft.preset:
        known = [f"{ours}: {header}" for ours, header in draft.headers.items()]
        yield from comment(f"by the preset: {listed(known, 40)}", 4)
    dated = {str(draft.told.get(key)) for key in ("key", "unique", "time", "start", "end")}
    named = {*draft.told.get("types", {}), *draft.headers, *dated}
    plain = [draft.ours(one) for one in draft.columns if draft.ours(one) not in named]
    if plain:
        yield from comment(f"also: {listed(plain, 40)}", 4)


def _both_readings(draft: Draft) -> Iterator[str]:
    """Both ways to write the dates: one of the lines is to stay."""
    told: dict[str, dict[str, str]] = {}
    for column in draft.unsettled:
        for pattern in column.ambiguous.patterns if column.ambiguous else ():
            told.setdefault(order_of(pattern) or pattern, {})[draft.ours(column)] = pattern
    for order, patterns in told.items():
        yield from entry("dates", patterns, 4, order)


def _place(draft: Draft) -> str:
    if draft.placement is None:
        return "no source of the vocabulary: KPIs of your own can be told from it"
    sure = "" if draft.placement.sure else " (a guess)"
    return f"taken for {draft.placement.role.name}{sure}: {'; '.join(draft.placement.reasons)}"


def told_lost(relation: Relation) -> str:
    """How many rows of a reference find no partner, and the most frequent values of these."""
    lost = relation.rows - relation.found
    values = ", ".join(one_line(value) for value in relation.lost)
    return f"{lost:,} of {relation.rows:,} rows find none of {relation.table}: {values}"


def _why_key(draft: Draft, relations: Sequence[Relation], key: str) -> str | None:
    value = draft.keys[key]
    if key in ("key", "time", "start", "end"):
        column = draft.column(value)
        return draft.why.get(value) if column and column.header == value else None
    if key == "refers_to":
        own = [one for one in relations if one.source == draft.name and one.lost]
        return "; ".join(told_lost(one) for one in own) or None
    return None
