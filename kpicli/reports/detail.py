"""What stands behind a KPI's number: its definition, its owner, its coverage."""

from collections.abc import Iterator

from kpicli.reports.blocks import Detail, Figure
from kpicli.reports.coverage import write_coverage
from kpicli.reports.periods import name_period
from kpicli.reports.series import Series
from kpicli.reports.wording import write_target
from kpicli.results import Card, Result
from kpicli.words.units import format_value


def describe_kpi(series: Series, figure: Figure | None) -> Detail:
    """The facts about the KPI of this series, which is its total."""
    card = series.card
    facts = tuple((term, text) for term, text in _facts(card, series.headline) if text)
    return Detail(card.name, card.title, facts, figure, series.status)


def _facts(card: Card, result: Result) -> Iterator[tuple[str, str | None]]:
    yield "Definition", card.definition
    yield "What it is for", card.description
    yield "Formula", card.formula
    yield "Decides", card.decides
    yield "Target", write_targets(card, result)
    yield "Owner", ", ".join(card.owner)
    yield "If missed", card.if_red
    yield "If met", card.if_green
    yield "Benchmark", card.benchmark
    yield "Counted", f"{write_coverage(result.n, result.left_out, card)} ({name_period(result)})"
    yield "95 % interval", write_interval(card, result)
    yield "Read from", ", ".join(card.sources)
    yield "Notes", "; ".join(f"{day}: {text}" for day, text in sorted(card.notes.items()))
    yield "Review", card.review
    yield "Written in", f"{card.file}:{card.line}" if card.file and card.line else card.file


def write_targets(card: Card, result: Result) -> str:
    """The target in force, with its near edge and its better side; empty where there is none."""
    if result.target is None:
        return ""
    text = write_target(result.target, card.unit)
    if result.yellow is not None:
        text += f", {_near(card, result)} {write_target(result.yellow, card.unit)}"
    return text if isinstance(result.target, dict) else f"{text}; {card.better} is better"


def _near(card: Card, result: Result) -> str:
    """On which side of the edge a value is near its target."""
    if isinstance(result.target, dict):
        return "near within"
    return "near up to" if card.better == "lower" else "near from"


def write_interval(card: Card, result: Result) -> str:
    """The 95 % interval of a value; empty where there is none. A wait may have no upper end."""
    if result.low is None:
        return ""
    if result.high is None:
        return f"from {format_value(result.low, card.unit)}"
    return f"{format_value(result.low, card.unit)} to {format_value(result.high, card.unit)}"
