"""The definitions file that is written, with its comments."""

from collections.abc import Iterator, Mapping

from kpicli.discovery.headline import chosen
from kpicli.discovery.inquiry import Inquiry
from kpicli.discovery.sourcepage import source_lines
from kpicli.discovery.writing import comment, entry, listed, scalar
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
        lines = source_lines(draft, told.relations)
        waiting = (_waiting(line) for line in lines)
        yield from waiting if draft.unsettled else lines
    yield from _exclusions(told)


def _exclusions(told: Inquiry) -> Iterator[str]:
    """Rows that most people leave out, once they are asked."""
    tests = [
        draft.name
        for draft in told.proposal.used
        if (column := draft.column("is_test")) is not None and not column.empty
    ]
    if tests:
        yield from ("", "")
        yield from comment("Rows that should count nowhere, nor what refers to them?")
        yield "# exclude:"
        for name in tests:
            yield f"#   - {{source: {name}, where: is_test, reason: tests}}"


def _waiting(line: str) -> str:
    """A line that is to be used as soon as somebody takes the # away."""
    return line if line.lstrip().startswith("#") else f"  # {line.removeprefix('  ')}"


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
    if any(one.span for one in told.proposal.used):
        yield f"  {'weekly' if grain == 'week' else 'monthly'}:"
        yield f"    grain: {grain}"
    else:
        yield "  overview:"
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
        for reason, names in _by_reason(other).items():
            yield from comment(f"{listed(names, 4)}: {reason}")
    if sources := missing_sources(told):
        yield from ("", "")
        yield from comment("With more files: sources that no file here was taken for.")
        for source, names in sources.items():
            yield from comment(f"{source}: {listed(names, 4)}")


def _by_reason(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """The names that share a reason."""
    found: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        found.setdefault(reason, []).append(name)
    return found


def missing_sources(told: Inquiry) -> dict[str, list[str]]:
    """The sources that no file was taken for, and the KPIs that they would bring."""
    found: dict[str, list[str]] = {}
    for name, lack in told.lacks.items():
        for source in lack.sources:
            found.setdefault(source, []).append(name)
    return dict(sorted(found.items()))
