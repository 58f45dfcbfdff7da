"""A source in the definitions file that is written, with its comments."""

from collections.abc import Iterator, Sequence

from kpicli.discovery.columns import Column
from kpicli.discovery.drafts import Draft
from kpicli.discovery.relations import Relation
from kpicli.discovery.settling import readings
from kpicli.discovery.writing import comment, entry, listed, one_line


def source_lines(draft: Draft, relations: Sequence[Relation]) -> Iterator[str]:
    """The comments and keys of a source, indented as in the file."""
    span = f", {draft.span[0]} to {draft.span[1]}" if draft.span else ""
    yield from comment(f"{draft.look.rows:,} rows{span} · {draft.look.written}", 2)
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
    for column in draft.unsettled:
        yield from _both_readings(draft, column)
    yield from _other_columns(draft)


def _remarks(draft: Draft) -> Iterator[str]:
    if draft.unsettled:
        yield (
            "Its dates may be read in two ways. Keep one of the lines dates: and take the # away,"
            " or run kpi init again with --dates day-first or --dates month-first, which also"
            " adds its KPIs."
        )
    if draft.group.table.reason:
        yield draft.group.table.reason
    yield from draft.dropped


def _other_columns(draft: Draft) -> Iterator[str]:
    """What the file has beside the columns that the keys name."""
    if draft.preset:
        known = [f"{ours}: {header}" for ours, header in draft.headers.items()]
        yield from comment(f"by the preset: {listed(known, 40)}", 4)
    dated = (draft.told.get(key) for key in ("key", "unique", "time", "start", "end"))
    named = {*draft.told.get("types", {}), *draft.headers, *dated}
    plain = [draft.ours(one) for one in draft.columns if draft.ours(one) not in named]
    if plain:
        yield from comment(f"also: {listed(plain, 40)}", 4)


def _both_readings(draft: Draft, column: Column) -> Iterator[str]:
    """Both ways to write the dates of a column: one of the lines is to stay."""
    if column.ambiguous is not None:
        for pattern, told in readings(column.ambiguous).items():
            yield from entry("dates", {draft.ours(column): pattern}, 4, told)


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
