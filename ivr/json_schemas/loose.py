"""Makes a schema of a model fit for files in which all is text, as a person writes them."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
YES_OR_NO: Schema = {"enum": [True, False, "yes", "no"]}
A_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
LEFT_OUT = ("title", "default")


def loose(schema: Any) -> Any:
    """The same schema, with what YAML makes of unquoted text allowed: 2023 is a number there, and yes a truth.

    >>> loose({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Source"})
    {'type': ['string', 'number', 'boolean']}
    >>> loose({"type": "integer", "title": "Seconds"})
    {'type': 'integer'}
    """
    if isinstance(schema, list):
        return [loose(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {name: loose(value) for name, value in schema.items() if name not in LEFT_OUT or isinstance(value, Mapping)}
    some = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if len(some) == 1:
        kept = {name: value for name, value in kept.items() if name != "anyOf"} | some[0]
    return _as_text(kept)


def _as_text(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind == "boolean":
        return {name: value for name, value in schema.items() if name != "type"} | YES_OR_NO
    if schema.get("format") == "date":
        return {name: value for name, value in schema.items() if name != "format"} | {"pattern": A_DAY}
    if kind == "string" and not {"pattern", "enum", "const"} & schema.keys():
        return schema | {"type": ["string", "number", "boolean"]}
    return schema
