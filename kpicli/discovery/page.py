"""The definitions file that is written, with its comments."""

from collections.abc import Iterator, Sequence

from kpicli.discovery.drafts import Draft
from kpicli.discovery.headline import chosen
from kpicli.discovery.inquiry import Inquiry
from kpicli.discovery.writing import comment, entry, listed, one_line, scalar
from kpicli.library import library_definitions

_SCHEMA = "# yaml-language-server: $schema=kpi.schema.json"


def write_page(told: Inquiry) -> str:
    """The whole file."""
    lines = [
        _SCHEMA,
        "#",
        *comment("Written by kpi init from what the files say of themselves. Read it, correct it,"
                 " keep it: nothing here is written anew unless you ask for it."),
        "version: 1",
        *_settings(told),
        "",
        "",
        *_sources(told),
        "",
        "",
        *_kpis(told),
        *_reports(told),
        *_lacking(told),
    ]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _settings(told: Inquiry) -> Iterator[str]:
    why = {
        "timezone": "days, weeks and months are cut here",
        "grain": "the period that a KPI is told for, unless it says another",
        **told.settled,
    }
    for key, value in told.proposal.settings.items():
        yield from entry(key, value, 0, why.get(key))


def _sources(told: Inquiry) -> Iterator[str]:
    yield from comment(
        "The exports. `key` tells rows apart, so that other sources can refer to it; `time`, or"
        " `start` and `end`, say when a row happened; `columns` gives a header our name; `types`"
        " is what the columns hold: what is not named there is text."
    )
    yield "sources:" if told.proposal.used else "sources: {}"
    for draft in told.proposal.drafts:
        yield ""
        lines = _source(told, draft)
        waiting = (f"  # {line.removeprefix('  ')}" for line in lines)
        yield from waiting if draft.unsettled else lines


def _source(told: Inquiry, draft: Draft) -> Iterator[str]:
    span = f", {draft.span[0]} to {draft.span[1]}" if draft.span else ""
    yield from comment(f"{draft.look.rows:,} rows{span} · {draft.look.written}", 2)
    yield from comment(_place(draft), 2)
    for reason in draft.dropped:
        yield from comment(one_line(reason), 2)
    yield f"  {draft.name}:"
    for key, value in draft.keys.items():
        if key == "columns":
            yield "    columns:"
            for ours, header in value.items():
                yield from entry(ours, header, 6, draft.why.get(ours))
        else:
            yield from entry(key, value, 4, _why_key(told, draft, key))
    dated = (draft.keys.get(key) for key in ("key", "unique", "time", "start", "end"))
    named = {*draft.keys.get("types", {}), *draft.keys.get("columns", {}), *dated}
    plain = [draft.ours(one) for one in draft.columns if draft.ours(one) not in named]
    if plain:
        yield from comment(f"also: {listed(plain, 40)}", 4)


def _place(draft: Draft) -> str:
    if draft.placement is None:
        return "no source of the vocabulary: KPIs of your own can be told from it"
    return f"taken for {draft.placement.role.name}: {'; '.join(draft.placement.reasons)}"


def _why_key(told: Inquiry, draft: Draft, key: str) -> str | None:
    value = draft.keys[key]
    if key in ("key", "time", "start", "end"):
        column = draft.column(value)
        return draft.why.get(value) if column and column.header == value else None
    if key == "refers_to":
        own = [one for one in told.relations if one.source == draft.name and one.lost]
        return (
            "; ".join(
                f"{one.rows - one.found:,} of {one.rows:,} rows without a partner in {one.table}"
                for one in own
            )
            or None
        )
    return None


def _kpis(told: Inquiry) -> Iterator[str]:
    kpis = told.proposal.kpis
    if not kpis:
        yield "kpis: {}"
        return
    yield from comment(
        "Each KPI that the files can carry, from the library: kpi explain NAME says how it is told."
        " A target: and a better edge make it a gate: kpi check."
    )
    yield "kpis:"
    group = None
    for name, keys in kpis.items():
        ready = library_definitions().get(str(keys.get("use")), keys)
        if ready.get("group") != group:
            group = ready.get("group")
            yield ""
            yield f"  # ---- {group} ----"
        title = str(ready.get("title", ""))
        if why := told.why.get(name):
            yield from comment(f"{title}: {why}", 2)
        yield from entry(name, keys, 2, title if "use" in keys and not why else None)


def _reports(told: Inquiry) -> Iterator[str]:
    names = chosen(told.proposal)
    if not names:
        return
    grain = told.proposal.grain
    rest = len(told.proposal.kpis) - len(names)
    yield from ("", "")
    if rest:
        yield from comment(f"{rest} more: kpi report all")
    yield "reports:"
    yield f"  {'weekly' if grain == 'week' else 'monthly'}:"
    yield f"    grain: {grain}"
    yield "    kpis:"
    for name in names:
        yield f"      - {scalar(name)}"


def _lacking(told: Inquiry) -> Iterator[str]:
    near = {name: lack for name, lack in told.lacks.items() if lack.columns and not lack.sources}
    other = {
        name: lack.reason
        for name, lack in told.lacks.items()
        if not lack.columns and not lack.sources
    }
    if near or other:
        yield from ("", "")
        yield from comment("Nearly: what these lack. Name it under columns: if a file has it.")
        for name, lack in near.items():
            yield from comment(f"{name}: needs {', '.join(lack.columns)}")
        for name, reason in other.items():
            yield from comment(f"{name}: {reason}")
    if sources := _missing_sources(told):
        yield from ("", "")
        yield from comment("With more files: sources that no file here was taken for.")
        for source, names in sources.items():
            yield from comment(f"{source}: {listed(names, 4)}")


def _missing_sources(told: Inquiry) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for name, lack in told.lacks.items():
        for source in lack.sources:
            found.setdefault(source, []).append(name)
    return dict(sorted(found.items()))
