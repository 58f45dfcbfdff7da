"""The JSON Schema: sound references, a meaning on every key, the forms that authors write."""

from collections.abc import Iterator
from typing import Any

import pytest

from kpicli.definitions.schema import definitions_schema

SCHEMA = definitions_schema()


def nodes(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, f"{path}/{key}")
    if isinstance(node, list):
        for number, value in enumerate(node):
            yield from nodes(value, f"{path}/{number}")


def test_every_reference_leads_somewhere() -> None:
    found = {node["$ref"] for _, node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)}
    assert found <= {f"#/$defs/{name}" for name in SCHEMA["$defs"]}
    assert found


def test_every_key_says_what_it_means() -> None:
    silent = [
        f"{path}: {key}"
        for path, node in nodes(SCHEMA)
        if isinstance(node.get("properties"), dict) and not path.endswith("/properties")
        for key, schema in node["properties"].items()
        if "description" not in schema
    ]
    assert silent == []


def test_unknown_keys_are_refused() -> None:
    open_forms = [
        name
        for name, part in SCHEMA["$defs"].items()
        if part.get("additionalProperties") is not False
    ]
    assert (SCHEMA["additionalProperties"], open_forms) == (False, [])


def form(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][name]
    return found


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("kpi_sum", {"kind", "source", "of"}),
        ("kpi_share", {"kind", "source", "count_if"}),
        ("kpi_ratio", {"kind", "numerator", "denominator"}),
        ("kpi_formula", {"kind", "formula"}),
        ("kpi_use", {"use"}),
        ("Report", {"kpis"}),
    ],
)
def test_what_must_be_written(name: str, required: set[str]) -> None:
    assert set(form(name)["required"]) == required


def test_a_source_has_files_or_is_sessions_of_another() -> None:
    ways = [set(one["required"]) for one in form("Source")["anyOf"]]
    assert ways == [{"path"}, {"from", "gap"}]


def accepted(schema: dict[str, Any]) -> set[str]:
    """The JSON types that a key takes, null aside."""
    if "$ref" in schema:
        return {"object"}
    if "enum" in schema or "const" in schema:
        return {"string"}
    if "anyOf" in schema:
        return set().union(*(accepted(one) for one in schema["anyOf"])) - {"null"}
    types = schema["type"]
    return {types} if isinstance(types, str) else set(types)


@pytest.mark.parametrize(
    ("name", "key", "types"),
    [
        ("Source", "path", {"string", "array"}),
        ("Source", "unique", {"string", "array"}),
        ("Source", "dates", {"string", "object"}),
        ("Source", "skip_bad_rows", {"string", "number"}),
        ("kpi_sum", "by", {"string", "array"}),
        ("kpi_sum", "target", {"string", "number", "object"}),
        ("kpi_sum", "owner", {"string", "array"}),
        ("kpi_sum", "where", {"string", "object", "array"}),
        ("kpi_ratio", "numerator", {"string", "number", "object"}),
        ("kpi_use", "target", {"string", "number", "object"}),
    ],
)
def test_the_forms_a_key_takes(name: str, key: str, types: set[str]) -> None:
    assert accepted(form(name)["properties"][key]) == types


def test_kinds_by_all_their_names() -> None:
    assert form("kpi_score")["properties"]["kind"]["enum"] == ["score", "nps"]


def test_a_segment_may_be_a_column() -> None:
    segments = SCHEMA["properties"]["segments"]["additionalProperties"]
    assert accepted(segments) == {"string", "object"}
