"""How one number came about: the rules in force, what each took away, the value, the plan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kpicli.definitions.book import Book
from kpicli.engine.focus import Focus
from kpicli.engine.followed import Crowd
from kpicli.engine.funnel import Funnel
from kpicli.engine.joins import hops_of_need, names_read
from kpicli.kinds import kind_page
from kpicli.needs import Need
from kpicli.reports.blocks import Block, Blocks, Detail, Note
from kpicli.reports.coverage import write_joined
from kpicli.reports.detail import write_interval
from kpicli.reports.evidence import number_heading
from kpicli.reports.funnel import crowd_table, funnel_table
from kpicli.reports.kindpage import page_choices
from kpicli.reports.plainly import write_plain
from kpicli.reports.reasons import explain_reason, name_reason
from kpicli.reports.rules import Fact, rules_in_force
from kpicli.reports.wording import count_of, write_change, write_value
from kpicli.results import Card, Outcome, Result
from kpicli.words.units import format_value

_WORDS = {"green": "met", "yellow": "near", "red": "missed", "no_data": "not judged"}
_NAMES = re.compile(r"lag\(\s*(\w+)\s*,\s*(\d+)\s*\)|\b([A-Za-z_]\w*)\b(?!\s*\()")


@dataclass(frozen=True)
class Explained:
    """One number with what it was computed from: the rows of each source on their way to it.

    crowd: the entities on theirs; None for kinds over rows.
    """

    book: Book
    outcome: Outcome
    focus: Focus
    funnels: tuple[Funnel, ...]
    crowd: Crowd | None = None

    @property
    def card(self) -> Card:
        """The KPI."""
        return self.outcome.kpis[0]

    @property
    def result(self) -> Result:
        """The number, judged."""
        return self.outcome.results[0]


def explanation_blocks(explained: Explained, options: str = "") -> Blocks:
    """Heading, rules, the way of the rows, the value, the plan, the choices of the kind.

    options: what the command line asked for besides, for the commands that go on from here.
    """
    card, focus = explained.card, explained.focus
    blocks: list[Block] = [
        number_heading(explained.outcome),
        _detail(card, "Rules", rules_in_force(explained.book, focus, card, explained.result)),
        *(funnel_table(focus, explained.result, one) for one in explained.funnels),
        *([crowd_table(explained.result, card, explained.crowd)] if explained.crowd else []),
        _detail(card, "Value", value_facts(explained)),
        _detail(card, "Plan", plan_facts(explained)),
    ]
    choices = tuple(("", choice) for choice in page_choices(kind_page(card.kind)))
    blocks.append(Detail(card.name, f"Choices of every {card.kind}", choices))
    return (*blocks, _more(focus, options))


def _more(focus: Focus, options: str) -> Note:
    """Where to look next."""
    name, inputs = focus.step.kpi.name, focus.step.kpi.inputs
    of_inputs = f"; the inputs: {', '.join(f'kpi explain {one}{options}' for one in inputs)}"
    return Note(f"The rows: kpi rows {name}{options}{of_inputs if inputs else ''}", "coverage")


def _detail(card: Card, title: str, facts: Iterator[Fact]) -> Detail:
    return Detail(card.name, title, tuple(facts))


def value_facts(explained: Explained) -> Iterator[Fact]:
    """The value, what it is made of, what it is held against."""
    card, result = explained.card, explained.result
    yield "Value", _value(explained)
    if explained.focus.step.kpi.inputs:
        yield "Formula", write_formula(explained)
        for one in explained.focus.inputs():
            yield "Input", _input(one)
    elif result.numerator is not None:
        yield "Made of", _made_of(card, result)
    interval = write_interval(card, result)
    if interval:
        yield "95 % interval", interval
    for word, compared in result.compare.items():
        if compared.value is not None:
            before = format_value(compared.value, card.unit)
            yield word.capitalize(), f"{before} ({write_change(compared, card.unit)})"
    if result.target is not None:
        yield "Verdict", _verdict(explained)


def _value(explained: Explained) -> str:
    card, result = explained.card, explained.result
    if result.value is None:
        return f"none, {explain_reason(result, card, explained.outcome)}"
    return write_value(result, card.unit)


def _made_of(card: Card, result: Result) -> str:
    counted = f"n {result.n:,} {card.counts}"
    x = write_plain(result.numerator or 0.0)
    if result.denominator is None:
        return f"numerator {x}, {counted}"
    return f"numerator {x}, denominator {write_plain(result.denominator)}, {counted}"


def _verdict(explained: Explained) -> str:
    result = explained.result
    if result.status is None:
        return f"not judged, {name_reason(result.reason)}"
    return _WORDS[result.status]


def write_formula(explained: Explained) -> str:
    """The formula with the values of its inputs: "arpa 512.3 × margin 0.81 = 414.96"."""
    card, focus = explained.card, explained.focus
    values = {
        (one.step.kpi.name, _back(focus, one)): one.value.estimated.value for one in focus.inputs()
    }

    def fill(found: re.Match[str]) -> str:
        key = (found[1], int(found[2])) if found[1] else (found[3], 0)
        return f"{found[0]} {format_value(values[key], 'number')}" if key in values else found[0]

    filled = _NAMES.sub(fill, card.formula or "").replace("*", "×")
    return f"{filled} = {_value(explained)}"


def _back(focus: Focus, one: Focus) -> int:
    return focus.period.index - one.period.index if focus.period and one.period else 0


def _input(one: Focus) -> str:
    """An input in a line: its value, its period, what it is made of."""
    kpi, value = one.step.kpi, one.value
    period = f" in {one.period.label}" if one.period else ""
    told = f"{kpi.name}{period}: "
    if value.estimated.value is None:
        return f"{told}none, {name_reason(value.estimated.reason)}"
    told += format_value(value.estimated.value, kpi.unit)
    if kpi.inputs:
        return told
    below = f" ÷ {write_plain(value.sums.y)}" if value.sums.y is not None else ""
    return f"{told} ({write_plain(value.sums.x)}{below}, n {value.sums.n:,})"


def plan_facts(explained: Explained) -> Iterator[Fact]:
    """What is read: columns of sources, and the references that lead to others."""
    for one in _leaves(explained.focus):
        facts = [
            fact
            for need in one.step.kpi.needs.values()
            for fact in _reads(one, need, explained.outcome)
        ]
        # Several needs of a KPI may read the same.
        yield from dict.fromkeys(facts)


def _reads(focus: Focus, need: Need, outcome: Outcome) -> Iterator[Fact]:
    names = tuple(dict.fromkeys(names_read(focus.step, need, focus.room.desk)))
    files = len(focus.room.desk.opened[need.source].files)
    columns = ", ".join(names) or "rows alone"
    yield "Reads", f"{need.source} ({count_of(files, 'files')}): {columns}"
    yield from _joins(focus, need, outcome)


def _joins(focus: Focus, need: Need, outcome: Outcome) -> Iterator[Fact]:
    """Each reference that is followed, with the share of rows that find a partner by it."""
    told = {
        (source.name, one.column, one.table): write_joined(one)
        for source in outcome.meta.sources
        for one in source.joined
    }
    for hop in hops_of_need(focus.step, need, focus.room.desk):
        counts = told.get((hop.source, hop.column, hop.table))
        yield "Joins", f"{hop}: {counts}" if counts else str(hop)


def _leaves(focus: Focus) -> Iterator[Focus]:
    """The KPIs over data that a number is told from."""
    if not focus.step.kpi.inputs:
        yield focus
    seen: set[str] = set()
    for one in focus.inputs():
        if one.step.kpi.name not in seen:
            seen.add(one.step.kpi.name)
            yield from _leaves(one)
