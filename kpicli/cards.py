"""What a report says of a KPI beside its numbers."""

from collections.abc import Iterator
from itertools import pairwise

from kpicli.caveats import caveats_of
from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.shape import Segment
from kpicli.needs import Population
from kpicli.planning.plan import Step
from kpicli.results import Card
from kpicli.words.expressions import Name
from kpicli.words.vocabulary import word_type


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
        sources=tuple(dict.fromkeys(_sources(kpi, book))),
        caveats=caveats_of(kpi, book, step.by),
        labels=labels_of(step, book),
        stated=kpi.grain,
        parts=bool(kpi.shown_inputs),
        left_out=written.left_out,
        age_in=getattr(written, "age_in", None),
    )


def _sources(kpi: Kpi, book: Book) -> Iterator[str]:
    yield from kpi.sources
    for name in kpi.inputs:
        yield from _sources(book.kpis[name], book)


def definition_of(kpi: Kpi, book: Book) -> str:
    """One sentence with the rules in force."""
    told = [_sentence(kpi, book), *_unshown(kpi, book), *caveats_of(kpi, book, kpi.by)]
    return ". ".join(told) + "."


def _sentence(kpi: Kpi, book: Book) -> str:
    """What it is, of which rows, dated by what."""
    sentence = kpi.shelf.sentence(kpi.written)
    where = getattr(kpi.written, "where", None)
    rules = [f"where {where.text}"] if where else []
    told = [need for need in kpi.needs.values() if not isinstance(need, Population)]
    dated = [need.time or book.sources[need.source].happened for need in told]
    columns = tuple(dict.fromkeys(column for column in dated if column))
    if columns:
        rules.append("dated by " + " and ".join(columns))
    return ", ".join([sentence, *rules])


def _unshown(kpi: Kpi, book: Book) -> Iterator[str]:
    """What a formula's inputs are, where the file does not say it."""
    found: dict[str, None] = {}
    waiting = list(kpi.inputs)
    while waiting:
        one = book.kpis[waiting.pop(0)]
        if one.name not in found and not one.shown:
            found[one.name] = None
            waiting.extend(one.inputs)
            yield f"{one.name}: {_sentence(one, book)}"


def labels_of(step: Step, book: Book) -> dict[str, dict[str, str]]:
    """The values of cuts with their ranges, by segment; under "" the titles of inputs shown."""
    names = {name for split in step.by for name in split if name in step.cuts}
    inputs = {name: book.kpis[name].title for name, back in step.kpi.shown_inputs if not back}
    ranges = {name: _ranges(book.segments[name], book) for name in sorted(names)}
    return {**ranges, "": inputs} if inputs else ranges


def _ranges(segment: Segment, book: Book) -> dict[str, str]:
    """Each name with its range: "small, 0–49" of whole things, else "low, 0 to under 0.5"."""
    edges = list((segment.cut or {}).items())
    whole = _counts_things(segment, book) and all(edge.is_integer() for _, edge in edges)
    told = {
        name: f"{name}, {_edge(low)}"
        + (f"–{_edge(high - 1)}" if whole else f" to under {_edge(high)}")
        for (name, low), (_, high) in pairwise(edges)
    }
    last, edge = edges[-1]
    return {**told, last: f"{last}, {_edge(edge)}+"}


def _edge(edge: float) -> str:
    return f"{edge:,.0f}" if edge.is_integer() else f"{edge:,g}"


def _counts_things(segment: Segment, book: Book) -> bool:
    """Whether a cut is of a plain column that holds no amounts or shares."""
    if segment.of is None or not isinstance(segment.of.tree, Name):
        return False
    column = segment.of.tree.name.rpartition(".")[2]
    declared = {source.kinds.get(column) for source in book.sources.values()}
    return not {word_type(column), *declared} & {"money", "percent"}


def _counted(kpi: Kpi) -> str:
    """What n counts: rows, or those of the list; whoever was seen is called by the column."""
    crowd = kpi.crowd
    if crowd is None:
        return "rows"
    named = crowd.asked[0].expression.text.removesuffix("_id")
    return f"{named}s" if crowd.seen else crowd.source
