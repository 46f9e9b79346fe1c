"""The JSON Schema of experiment files, by which editors complete fields and mark mistakes while one types."""

from __future__ import annotations

from typing import Any

from sim.interventions import catalogue
from sim.study.experiment.designs import DESIGNS
from sim.study.experiment.factors import Factor
from sim.study.experiment.schema import Budget, Experiment, Precision

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def experiment_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of experiment files."""
    whole = Experiment.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = whole.pop("$defs")
    for model in (Factor, Precision, Budget, *DESIGNS.values()):
        describe(definitions[model.__name__], model)
    describe(whole, Experiment)
    names = sorted(catalogue())
    words = definitions["Factor"]["properties"]["intervention"]["description"]
    definitions["Factor"]["properties"]["intervention"] = {
        "enum": [None, *names],
        "default": None,
        "description": words,
    }
    return {
        "$schema": DIALECT,
        "title": "gridtown experiment",
        "description": "A designed set of scenarios, each run with the same seeds.",
        "type": "object",
        "properties": whole["properties"],
        "required": [name for name in whole["required"] if name != "name"],
        "additionalProperties": False,
        "oneOf": [{"required": ["replications"]}, {"required": ["precision"]}],
        "$defs": definitions,
    }


def describe(schema: dict[str, Any], model: Any) -> None:
    """Put each field's description beside it, where Pydantic leaves only a reference to the part's schema."""
    for name, field in model.model_fields.items():
        found = schema["properties"][field.alias or name]
        if field.description:
            found.setdefault("description", field.description)
