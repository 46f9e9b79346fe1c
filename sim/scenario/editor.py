"""The JSON Schema of scenario files, by which editors complete fields and mark mistakes while one types."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario.checking import models_in
from sim.scenario.parameters import FIELD_OF, Parameter, parameter_table
from sim.scenario.response import ContainmentPart
from sim.scenario.schema import TOWN_KINDS, Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CONTAINMENT = ContainmentPart.__name__


def parts(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Return the models of all parts of a model, the parts' own included."""
    found = {part for field in model.model_fields.values() for part in models_in(field.annotation)} - {BaseModel}
    return found.union(*(parts(part) for part in found))


def without_required(schema: Any) -> Any:
    """Return a schema that demands no field: a file that extends another may leave out anything."""
    if isinstance(schema, dict):
        return {name: without_required(value) for name, value in schema.items() if name != "required"}
    if isinstance(schema, list):
        return [without_required(value) for value in schema]
    return schema


def named_outside_lists(schema: Any) -> set[str]:
    """Return the names of the definitions that a schema refers to, but for items of lists."""
    if isinstance(schema, list):
        return set().union(*map(named_outside_lists, schema))
    if not isinstance(schema, dict):
        return set()
    found = {schema["$ref"].rsplit("/", 1)[-1]} if "$ref" in schema else set()
    return found.union(*(named_outside_lists(inner) for name, inner in schema.items() if name != "items"))


def given_whole(schema: dict[str, Any], definitions: dict[str, Any]) -> set[str]:
    """Return the definitions that stand in lists only: lists replace, so nothing of them is inherited."""
    merged = named_outside_lists(schema["properties"])
    while len(more := merged.union(*(named_outside_lists(definitions[name]) for name in merged))) > len(merged):
        merged = more
    return set(definitions) - merged


def describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Put each field's description beside it, where Pydantic leaves only a reference to the part's schema."""
    for name, field in model.model_fields.items():
        found = schema["properties"][field.alias or name]
        found.setdefault("description", field.description)


def parameter_schema(one: Parameter) -> dict[str, Any]:
    """Return the schema of one parameter's value."""
    low, high = one.limits
    number = {"type": "integer" if one.whole else "number", "minimum": low, "maximum": high}
    shape = {"type": "array", "items": number, "minItems": one.length, "maxItems": one.length} if one.length else number
    swept = f"swept {one.low} to {one.high}" if not one.length else f"a number for each {one.index}"
    words = f"{one.meaning[:1].upper()}{one.meaning[1:]} ({one.unit}; {swept}; status {one.status}: {one.source})."
    return {
        **shape,
        "description": words,
        "default": list(one.default) if isinstance(one.default, tuple) else one.default,
    }


def parameters_schema(description: str) -> dict[str, Any]:
    """Return the schema of a scenario's ``parameters``."""
    known = {name: parameter_schema(one) for name, one in parameter_table().items() if name not in FIELD_OF}
    return {"type": "object", "description": description, "properties": known, "additionalProperties": False}


def intervention_schema(name: str, model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one kind of intervention; its own definitions are added to the others."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions.update(schema.pop("$defs", {}))
    words = " ".join((model.__doc__ or name).split())
    named = {"name": {"const": name, "description": f"The intervention: {name}."}}
    return {
        **schema,
        "title": name,
        "description": words,
        "properties": {**named, **schema.get("properties", {})},
        "required": ["name", *schema.get("required", [])],
        "additionalProperties": False,
    }


def json_schema(catalogue: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario files.

    A file that extends another may leave out any field; one that stands alone must give those that have no default.

    Args:
        catalogue: known interventions: a Pydantic model for each name.
    """
    whole = Scenario.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    describe(whole, Scenario)
    definitions: dict[str, Any] = copy.deepcopy(whole["$defs"])
    for part in parts(Scenario):
        describe(definitions[part.__name__], part)
    town_models = {model.__name__: kind for kind, model in TOWN_KINDS.items()}
    properties = dict(whole["properties"])
    needed = [name for name in whole["required"] if name != "name"]
    strict = {f"Whole{name}": {"required": definitions[name]["required"]} for name in (*town_models, CONTAINMENT)}
    properties["parameters"] = parameters_schema(properties["parameters"]["description"])
    properties["town"] = {
        "description": properties["town"]["description"],
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in town_models],
    }
    in_lists = given_whole(whole, definitions)
    partial = {name: schema if name in in_lists else without_required(schema) for name, schema in definitions.items()}
    kinds: dict[str, Any] = {}
    chosen = [intervention_schema(name, model, kinds) for name, model in sorted(catalogue.items())]
    properties["interventions"] = {
        "type": "array",
        "description": properties["interventions"]["description"],
        "items": {"oneOf": chosen},
    }
    extends = {
        "type": ["string", "null"],
        "description": "Scenario to build on: a file in this folder or below, or the name of a shipped scenario. "
        "Mappings merge field by field, lists replace.",
    }
    alone = {
        "required": needed,
        "properties": {
            "town": {"anyOf": [{"$ref": f"#/$defs/Whole{name}"} for name in town_models]},
            "response": {
                "properties": {"containment": {"anyOf": [{"$ref": f"#/$defs/Whole{CONTAINMENT}"}, {"type": "null"}]}}
            },
        },
    }
    for name, kind in town_models.items():
        strict[f"Whole{name}"]["properties"] = {"kind": {"const": kind}}
    return {
        "$schema": DIALECT,
        "title": "gridtown scenario",
        "description": "A town, its people, staff and police, and what a policy does there.",
        "type": "object",
        "properties": {"extends": extends, **properties},
        "additionalProperties": False,
        "if": {"properties": {"extends": {"type": "string"}}, "required": ["extends"]},
        "else": alone,
        "$defs": {**partial, **kinds, **strict},
    }
