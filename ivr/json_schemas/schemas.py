"""One JSON Schema for each sort of file in `flows/` and `prompts/`, made from the models that read them."""

import inspect
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ivr.engine.content import SERVICE, TABLES, TOPIC, Entries, LanguageEntry
from ivr.engine.step import Step
from ivr.helpline.contacts import Contact
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.json_schemas.loose import Schema, loose

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The one that every editor knows."""
COMMENTED = re.compile(r"^\s+([a-z_]+): \S.*?\s#\s(.+)$", re.MULTILINE)
"""A field in the example of a kind, and what stands beside it."""
FOLDER = "schema"


def schemas(kinds: Mapping[str, type[Step]]) -> dict[str, Schema]:
    """Every schema, by the name of its file."""
    return {
        "flow.json": _flow(kinds),
        "contacts.json": _named(Contact),
        "hours.json": _of(OpeningHoursFile),
        "helpline.json": _of(Entries),
        "languages.json": _named(LanguageEntry),
        "prompts.json": _prompts(),
    }


def settings(folder: str = FOLDER) -> Schema:
    """What an editor is to be told (`.vscode/settings.json`): which schema is whose."""
    elsewhere = [f"!flows/{name}.yaml" for name in (SERVICE, *TABLES)]
    files: dict[str, list[str]] = {
        "flow.json": ["flows/*.yaml", *elsewhere],
        "contacts.json": ["flows/contacts.yaml"],
        "hours.json": ["flows/hours.yaml"],
        "helpline.json": [f"flows/{SERVICE}.yaml"],
        "languages.json": ["prompts/languages.yaml"],
        "prompts.json": ["prompts/*/*.yaml"],
    }
    return {"yaml.schemas": {f"./{folder}/{name}": patterns for name, patterns in files.items()}}


def _flow(kinds: Mapping[str, type[Step]]) -> Schema:
    """A step by its kind: what the kind says decides what else there may be."""
    _, made = models_json_schema([(kind, "validation") for kind in kinds.values()])
    every: dict[str, Any] = made["$defs"]
    names = {kind.__name__: name for name, kind in kinds.items()}
    defined = {names.get(name, name): loose(schema) for name, schema in every.items()}
    for name, kind in kinds.items():
        defined[name] = _told(kind, defined[name], name)
    step: Schema = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(kinds), "description": "What sort of step it is."}},
        "allOf": [_if(name) for name in kinds],
    }
    topic = {"type": "string", "description": "The sentence that tells an adviser what a call is about."}
    return {
        "$schema": DIALECT,
        "description": "A flow: steps by their names.",
        "type": "object",
        "properties": {TOPIC: topic},
        "additionalProperties": {"$ref": "#/$defs/step"},
        "$defs": {"step": step, **dict(sorted(defined.items()))},
    }


def _if(kind: str) -> Schema:
    is_it: Schema = {"required": ["kind"], "properties": {"kind": {"const": kind}}}
    return {"if": is_it, "then": {"$ref": f"#/$defs/{kind}"}}


def _told(kind: type[Step], schema: Schema, name: str) -> Schema:
    """With its docstring, and what stands beside its fields in the example there."""
    module = inspect.getdoc(inspect.getmodule(kind)) or ""
    text = inspect.getdoc(kind) or ""
    fields = {field: dict(told) for field, told in schema["properties"].items()}
    fields["kind"] = {"const": name}
    if "choices" in fields:
        fields["choices"] |= {"propertyNames": {"pattern": "^[1-9]$"}}
    for field, beside in COMMENTED.findall(text):
        if field in fields and "$ref" not in fields[field]:
            fields[field] = fields[field] | {"description": beside}
    return schema | {"description": f"{module.splitlines()[0]}\n\n{text}", "properties": fields}


def _of(model: type[BaseModel]) -> Schema:
    """A file that is one thing."""
    schema: Schema = loose(model.model_json_schema())
    return {"$schema": DIALECT, **schema}


def _named(model: type[BaseModel]) -> Schema:
    """A file of things by their names."""
    schema: Schema = loose(model.model_json_schema())
    parts = schema.pop("$defs", {})
    return {"$schema": DIALECT, "type": "object", "additionalProperties": schema, "$defs": parts}


def _prompts() -> Schema:
    """Sentences by step, or by step and name."""
    sentence = {"type": ["string", "number"], "minLength": 1, "description": "A whole sentence; {name} is a blank."}
    several = {"type": "object", "additionalProperties": {"$ref": "#/$defs/entry"}}
    entry = {"anyOf": [{"$ref": "#/$defs/sentence"}, several]}
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/entry"},
        "$defs": {"sentence": sentence, "entry": entry},
    }
