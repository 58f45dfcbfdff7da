"""What a report says of a KPI beside its numbers."""

from collections.abc import Iterator

from kpicli.definitions.book import Book, Kpi
from kpicli.needs import Population
from kpicli.planning.plan import Step
from kpicli.results import Card


def card_of(step: Step, book: Book) -> Card:
    """The card of a KPI in the grain of a step."""
    kpi, written = step.kpi, step.kpi.written
    return Card(
        name=kpi.name,
        title=kpi.title,
        group=written.group,
        kind=kpi.kind,
        unit=kpi.unit,
        counts=_counted(kpi),
        grain=step.grain,
        better=kpi.better,
        definition=definition_of(kpi, book),
        window=str(kpi.window) if kpi.window else None,
        owner=written.owner,
        if_red=written.if_red,
        if_green=written.if_green,
        formula=getattr(written, "formula", None) and written.formula.text,  # type: ignore[attr-defined]
        file=kpi.place.file,
        line=kpi.place.line,
        fingerprint=kpi.fingerprint,
        description=written.description,
        decides=written.decides,
        benchmark=written.benchmark,
        review=written.review,
        notes=dict(written.notes),
        sources=kpi.sources,
        caveats=tuple(caveats_of(kpi)),
    )


def definition_of(kpi: Kpi, book: Book) -> str:
    """One sentence with the rules in force."""
    sentence = kpi.shelf.sentence(kpi.written)
    where = getattr(kpi.written, "where", None)
    rules = [f"where {where.text}"] if where else []
    told = [need for need in kpi.needs.values() if not isinstance(need, Population)]
    dated = [need.time or book.sources[need.source].happened for need in told]
    columns = tuple(dict.fromkeys(column for column in dated if column))
    if columns:
        rules.append("dated by " + " and ".join(columns))
    return ". ".join([", ".join([sentence, *rules]), *caveats_of(kpi)]) + "."


def _counted(kpi: Kpi) -> str:
    """What n counts: rows, or those of the list; whoever was seen is called by the column."""
    crowd = kpi.crowd
    if crowd is None:
        return "rows"
    named = crowd.asked[0].expression.text.removesuffix("_id")
    return f"{named}s" if crowd.seen else crowd.source


def caveats_of(kpi: Kpi) -> Iterator[str]:
    """What the definition claims and no file shows."""
    crowd = kpi.crowd
    if crowd and crowd.seen:
        yield f"Of {_counted(kpi)} seen in {crowd.source}: no source lists them"
    if any(need.as_if_constant for need in kpi.needs.values()):
        yield "Earlier periods are told as if its conditions had always been as they are today"
