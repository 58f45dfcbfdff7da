"""An explanation as other programs read it: JSON."""

from collections.abc import Iterable

from kpicli.engine.focus import Focus
from kpicli.engine.followed import Crowd
from kpicli.engine.funnel import Funnel, Removed
from kpicli.kinds import kind_page
from kpicli.render.json import Record, outcome_record, write_document
from kpicli.reports.explanation import Explained, plan_facts, write_formula
from kpicli.reports.kindpage import page_choices
from kpicli.reports.rules import rules_in_force


def explanation_json(explained: Explained) -> str:
    """The document of a report of this one number, with how it came about."""
    card, focus = explained.card, explained.focus
    rules = rules_in_force(explained.book, focus, card, explained.result)
    told: Record = {
        "rules": [{"choice": choice, "rule": rule} for choice, rule in rules],
        "choices": list(page_choices(kind_page(card.kind))),
        "funnels": [_funnel_record(one) for one in explained.funnels],
        "entities": _crowd_record(explained.crowd) if explained.crowd else None,
        "formula": write_formula(explained) if focus.step.kpi.inputs else None,
        "inputs": [_input_record(one) for one in focus.inputs()],
        "plan": [{"step": step, "what": what} for step, what in plan_facts(explained)],
    }
    return write_document(outcome_record(explained.outcome) | {"explanation": told})


def _funnel_record(funnel: Funnel) -> Record:
    return {
        "source": funnel.source,
        "in_files": funnel.in_files,
        "removed": _removed_records(funnel.removed),
        "counted": funnel.counted,
        "adds_to_n": funnel.adds,
    }


def _crowd_record(crowd: Crowd) -> Record:
    return {
        "in_period": crowd.in_period,
        "removed": _removed_records(crowd.removed),
        "counted": crowd.counted,
    }


def _removed_records(removed: Iterable[Removed]) -> list[Record]:
    return [{"rule": one.rule, "detail": one.detail, "rows": one.rows} for one in removed]


def _input_record(one: Focus) -> Record:
    value = one.value
    return {
        "kpi": one.step.kpi.name,
        "label": one.period.label if one.period else None,
        "value": value.estimated.value,
        "numerator": value.sums.x if value.sums.n else None,
        "denominator": value.sums.y,
        "n": value.sums.n,
        "reason": value.estimated.reason,
    }
