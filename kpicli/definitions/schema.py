"""The JSON Schema of the definitions file, by which editors complete and check it."""

from collections.abc import Mapping
from typing import Any

from kpicli.definitions.keys import MEANINGS
from kpicli.definitions.shape import Shape
from kpicli.kinds import ALIASES, all_kinds
from kpicli.kinds.base import Kind
from kpicli.quality import rule_named, rule_names

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_EACH = {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}
_CONDITION = {"type": ["string", "object", "array"]}

Node = dict[str, Any]


def definitions_schema() -> Node:
    """The whole schema: the top of the file, and under kpis one form per kind and one for use."""
    schema = Shape.model_json_schema()
    parts: Node = schema.pop("$defs")
    forms: dict[str, Node] = {}
    for name, kind in all_kinds().items():
        form = kind.Written.model_json_schema()
        parts |= form.pop("$defs", {})
        forms[name] = _form(name, kind, form)
    forms["use"] = _use(forms)
    rules = {name: rule_named(name).Written.model_json_schema() for name in rule_names()}
    for form in rules.values():
        parts |= form.pop("$defs", {})
    parts |= {f"rule_{name}": form for name, form in rules.items()}
    items = {"anyOf": [{"$ref": f"#/$defs/rule_{name}"} for name in rules]}
    parts["Source"]["properties"]["quality"] = {"type": "array", "items": items}
    parts = {name: _explained(part, name) for name, part in parts.items()}
    parts |= {f"kpi_{name}": _explained(form, name) for name, form in forms.items()}
    schema["properties"]["kpis"]["additionalProperties"] = {
        "anyOf": [{"$ref": f"#/$defs/kpi_{name}"} for name in forms]
    }
    whole = _explained(schema, "Shape")
    return {"$schema": DRAFT, "title": "KPI definitions", **whole, "$defs": parts}


def _form(name: str, kind: Kind, form: Node) -> Node:
    words = [name, *(alias for alias, meant in ALIASES.items() if meant == name)]
    form["properties"] |= {"kind": {"enum": words}, "each": _EACH}
    form["description"] = (kind.__doc__ or "").strip().splitlines()[0]
    return form


def _use(forms: Mapping[str, Node]) -> Node:
    """A ready definition: any key of any kind may stand beside it."""
    keys: dict[str, list[Any]] = {}
    for form in forms.values():
        for key, schema in form["properties"].items():
            if schema not in keys.setdefault(key, []):
                keys[key].append(schema)
    told = {key: found[0] if len(found) == 1 else {"anyOf": found} for key, found in keys.items()}
    told |= {"use": _TEXT, "and_where": _CONDITION, "kind": _TEXT}
    return {
        "type": "object",
        "description": "A ready definition, see kpi list --library.",
        "properties": told,
        "required": ["use"],
        "additionalProperties": False,
    }


def _explained(node: Any, model: str) -> Any:
    """The schema with a meaning on every key, without the titles that only repeat the keys."""
    if isinstance(node, list):
        return [_explained(one, model) for one in node]
    if not isinstance(node, Mapping):
        return node
    told = {key: _explained(value, model) for key, value in node.items() if key != "title"}
    if isinstance(node.get("properties"), Mapping):
        within = "WrittenBand" if set(node["properties"]) == {"from", "to"} else model
        told["properties"] = {
            key: _meant(_explained(schema, model), within, key)
            for key, schema in node["properties"].items()
        }
    return told


def _meant(schema: Node, model: str, key: str) -> Node:
    meaning = MEANINGS.get(f"{model}.{key}") or MEANINGS.get(key)
    return {**schema, "description": meaning} if meaning else schema
