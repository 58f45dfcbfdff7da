"""JSON as the contract says: every field always there, unknown is null, always the same bytes."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from kpicli.errors import Problem
from kpicli.render.jsontext import json_text
from kpicli.render.options import Format, Options
from kpicli.reports.series import sort_results
from kpicli.results import SCHEMA, Card, Joined, Meta, Outcome, Result, SourceRecord, Summary

Record = dict[str, Any]
_NOT_IN_USE = ("unread", "duplicate", "conflict")
# json escapes the first 32 control characters; these others drive terminals and reading order too.
_UNSEEN = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render(outcome: Outcome, options: Options) -> str:
    """The whole document; options change nothing in it."""
    return write_document(outcome_record(outcome))


def outcome_record(outcome: Outcome) -> Record:
    """The whole document as a record, for documents that add to it."""
    return {
        "schema": SCHEMA,
        "meta": _meta_record(outcome.meta),
        "kpis": [_covered_record(card, outcome) for card in outcome.kpis],
        "results": [result_record(result) for result in sort_results(outcome)],
        "problems": [problem_record(problem) for problem in outcome.problems],
        "summary": asdict(outcome.summary),
    }


def render_problems(problems: Iterable[Problem]) -> str:
    """The same document where nothing could be computed: only the problems are known."""
    return write_document(
        {
            "schema": SCHEMA,
            "meta": None,
            "kpis": [],
            "results": [],
            "problems": [problem_record(problem) for problem in problems],
            "summary": asdict(Summary()),
        }
    )


def write_document(document: Record) -> str:
    """Any record as text: numbers that are none become null, dates ISO, characters harmless."""
    text = json_text(document)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def write_number(value: float) -> str:
    """A number as the document has it; empty for what is none."""
    text = json_text(value)
    return "" if text == "null" else text


def card_record(card: Card) -> Record:
    """A record of kpis[]; its coverage is not known without data."""
    fields = (
        "name", "title", "group", "kind", "unit", "counts", "grain", "window", "better", "owner",
        "if_red", "if_green", "definition", "formula", "file", "line", "fingerprint",
    )  # fmt: skip
    return {field: getattr(card, field) for field in fields} | {"coverage": None}


def _covered_record(card: Card, outcome: Outcome) -> Record:
    sources = {source.name: source for source in outcome.meta.sources}
    names = dict.fromkeys([*card.sources, *(source for source, _, _ in card.joins)])
    told = [_coverage_record(card, sources[name]) for name in names if name in sources]
    return card_record(card) | {"coverage": told}


def _coverage_record(card: Card, source: SourceRecord) -> Record:
    """What of a source stands behind a KPI."""
    counts = {why: source.not_read.get(why, 0) for why in _NOT_IN_USE}
    followed = {column: table for name, column, table in card.joins if name == source.name}
    joined = [one for one in source.joined if followed.get(one.column) == one.table]
    return {
        "source": source.name,
        "read": source.rows + sum(counts.values()),
        "rejected": counts["unread"],
        "duplicates": counts["duplicate"],
        "conflicts": counts["conflict"],
        "rows": source.rows,
        "undated": source.not_read.get("undated", 0),
        "later": source.not_read.get("later", 0),
        "excluded": source.excluded,
        "unmatched": [asdict(one) for one in source.unmatched],
        "joined": [joined_record(one) for one in joined],
    }


def joined_record(one: Joined) -> Record:
    """How many rows of a source have a partner in a table; share of all rows in use."""
    return asdict(one) | {"share": one.joined / one.rows if one.rows else None}


def result_record(result: Result) -> Record:
    """A record of results[]."""
    fields = (
        "kpi", "part", "grain", "label", "start", "end", "complete", "by", "age", "value",
        "numerator", "denominator", "n", "low", "high", "compare", "target", "yellow", "status",
        "reason", "left_out", "unit",
    )  # fmt: skip
    record = {field: getattr(result, field) for field in fields}
    return record | {"compare": {word: asdict(found) for word, found in result.compare.items()}}


def problem_record(problem: Problem) -> Record:
    """A record of problems[]."""
    place = problem.place
    return {
        "level": problem.level,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "kpi": problem.kpi,
        "source": problem.source,
    }


def _meta_record(meta: Meta) -> Record:
    return {
        "tool": "kpi",
        "version": meta.version,
        "report": meta.report,
        "as_of": meta.as_of,
        "timezone": meta.timezone,
        "definitions": {
            "file": meta.definitions_file,
            "fingerprint": meta.definitions_fingerprint,
        },
        "sources": [source_record(source) for source in meta.sources],
    }


def source_record(source: SourceRecord) -> Record:
    """A record of meta.sources."""
    return {
        "name": source.name,
        "files": [asdict(file) for file in source.files],
        "rows": source.rows,
        "first": source.first,
        "last": source.last,
        "read_to": source.read_to,
        "quiet_days": source.quiet_days,
        "not_read": source.not_read,
        "places": [asdict(spot) for spot in source.spots],
        "notes": source.notes,
        "unmatched": [asdict(one) for one in source.unmatched],
        "excluded": source.excluded,
    }


FORMAT = Format("json", (".json",), render)
