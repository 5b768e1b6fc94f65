"""JSON Schemas of the files in `flows/` and `prompts/`, generated from the models that read them."""

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

Schema = dict[str, Any]
YES_OR_NO: Schema = {"enum": [True, False, "yes", "no"]}
ISO_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DROPPED_KEYWORDS = ("title", "default")
DIALECT = "http://json-schema.org/draft-07/schema#"
"""The draft that every editor supports."""
COMMENTED = re.compile(r"^\s+([a-z_]+): \S.*?\s#\s(.+)$", re.MULTILINE)
"""A field in the example of a kind, with its comment."""
FOLDER = "schema"


def schemas(kinds: Mapping[str, type[Step]]) -> dict[str, Schema]:
    """Return every schema by its file name."""
    return {
        "flow.json": _flow(kinds),
        "contacts.json": _named(Contact),
        "hours.json": _of(OpeningHoursFile),
        "helpline.json": _of(Entries),
        "languages.json": _named(LanguageEntry),
        "prompts.json": _prompts(),
        "accepted.json": _accepted(),
    }


def settings(folder: str = FOLDER) -> Schema:
    """Return the editor settings (`.vscode/settings.json`) that map schemas to files."""
    elsewhere = [f"!flows/{name}.yaml" for name in (SERVICE, *TABLES)]
    files: dict[str, list[str]] = {
        "flow.json": ["flows/*.yaml", *elsewhere],
        "contacts.json": ["flows/contacts.yaml"],
        "hours.json": ["flows/hours.yaml"],
        "helpline.json": [f"flows/{SERVICE}.yaml"],
        "languages.json": ["prompts/languages.yaml"],
        "prompts.json": ["prompts/*/*.yaml"],
        "accepted.json": ["flows/accepted.yaml"],
    }
    return {"yaml.schemas": {f"./{folder}/{name}": patterns for name, patterns in files.items()}}


def _flow(kinds: Mapping[str, type[Step]]) -> Schema:
    """Return the schema of a flow, in which the kind of a step decides its fields."""
    _, made = models_json_schema([(kind, "validation") for kind in kinds.values()])
    every: dict[str, Any] = made["$defs"]
    names = {kind.__name__: name for name, kind in kinds.items()}
    defined = {names.get(name, name): relaxed(schema) for name, schema in every.items()}
    for name, kind in kinds.items():
        defined[name] = _described(kind, defined[name], name)
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


def _described(kind: type[Step], schema: Schema, name: str) -> Schema:
    """Return the schema of a kind with descriptions from its docstring and the comments of its example."""
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
    """Return the schema of a file that holds one object."""
    schema: Schema = relaxed(model.model_json_schema())
    return {"$schema": DIALECT, **schema}


def _named(model: type[BaseModel]) -> Schema:
    """Return the schema of a file that holds named objects."""
    schema: Schema = relaxed(model.model_json_schema())
    parts = schema.pop("$defs", {})
    return {"$schema": DIALECT, "type": "object", "additionalProperties": schema, "$defs": parts}


def _prompts() -> Schema:
    """Return the schema of prompts: sentences by step, or by step and name."""
    sentence = {"type": ["string", "number"], "minLength": 1, "description": "A whole sentence; {name} is a blank."}
    several = {"type": "object", "additionalProperties": {"$ref": "#/$defs/entry"}}
    entry = {"anyOf": [{"$ref": "#/$defs/sentence"}, several]}
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/entry"},
        "$defs": {"sentence": sentence, "entry": entry},
    }


def _accepted() -> Schema:
    """Return the schema of accepted findings: by rule, by what the finding is about, the decision."""
    text = {"type": ["string", "number"], "minLength": 1}
    fields: dict[str, Schema] = {
        "why": text | {"description": "Why it may stand, or which decision says so."},
        "who": text | {"description": "Who decided."},
        "until": {"type": "string", "pattern": ISO_DATE, "description": "The last day; then somebody decides anew."},
        "says": text | {"description": "Words of the finding, where a rule finds several things in one sentence."},
    }
    decision = {
        "type": "object",
        "properties": fields,
        "required": ["why", "who", "until"],
        "additionalProperties": False,
    }
    about = {
        "type": "object",
        "description": "What the finding is about, as `ivr check --json` says it, such as school/menu.",
        "additionalProperties": decision,
    }
    return {
        "$schema": DIALECT,
        "type": "object",
        "description": "Findings accepted by decision, by rule.",
        "additionalProperties": about,
    }


def relaxed(schema: Any) -> Any:
    """Return the schema with the types that YAML gives unquoted text: 2023 is a number, and yes a boolean.

    >>> relaxed({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Source"})
    {'type': ['string', 'number', 'boolean']}
    >>> relaxed({"type": "integer", "title": "Seconds"})
    {'type': 'integer'}
    """
    if isinstance(schema, list):
        return [relaxed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {
        name: relaxed(value)
        for name, value in schema.items()
        if name not in DROPPED_KEYWORDS or isinstance(value, Mapping)
    }
    some = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if len(some) == 1:
        kept = {name: value for name, value in kept.items() if name != "anyOf"} | some[0]
    return _as_text(kept)


def _as_text(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind == "boolean":
        return {name: value for name, value in schema.items() if name != "type"} | YES_OR_NO
    if schema.get("format") == "date":
        return {name: value for name, value in schema.items() if name != "format"} | {"pattern": ISO_DATE}
    if kind == "string" and not {"pattern", "enum", "const"} & schema.keys():
        return schema | {"type": ["string", "number", "boolean"]}
    return schema
