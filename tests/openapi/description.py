"""Holds requests and answers against an OpenAPI 3.0 description, as far as Twilio's use it.

Forms and answers are held against their schemas by `jsonschema`, with what OpenAPI 3.0 writes otherwise put in its
words: `nullable` is another type. Formats are not: an empty address takes one off at Twilio, and is no `uri`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Schema = Any


@dataclass(frozen=True)
class Exchange:
    """A request to an API, and its answer. `form` is empty for one without a form, `answer` None for one of no JSON."""

    method: str
    host: str
    path: str
    query: str
    form: str
    status: int
    answer: Any

    @property
    def name(self) -> str:
        """What was asked, without the SIDs."""
        return f"{self.method} {self.host}{re.sub(r'[A-Z]{2}[0-9a-f]{32}', '{Sid}', self.path)}"


class Description:
    """One or several OpenAPI files, as one."""

    def __init__(self, *documents: Mapping[str, Any]) -> None:
        self._paths: list[tuple[re.Pattern[str], Mapping[str, Any], Mapping[str, Any]]] = []
        for document in documents:
            for path, item in document["paths"].items():
                self._paths.append((_pattern(path), item, document))
        self._paths.sort(key=lambda one: one[0].pattern.count("[^/]+"))  # a literal path comes before a template

    @classmethod
    def read(cls, files: Sequence[Path]) -> "Description":
        """Return the description of these files."""
        return cls(*(json.loads(file.read_text("utf-8")) for file in files))

    def knows(self, exchange: Exchange) -> bool:
        """Return whether there is anything here to hold it against."""
        return self._found(exchange) is not None

    def faults(self, exchange: Exchange) -> Iterator[str]:
        """Yield what is not as described; an answer that is an error is described nowhere, and is passed over."""
        found = self._found(exchange)
        if found is None:
            return
        item, document = found
        operation = item.get(exchange.method.lower())
        if operation is None:
            yield f"{exchange.name}: the method is not described"
            return
        for fault in (*_of_query(exchange, item, operation, document), *_of_form(exchange, operation, document)):
            yield f"{exchange.name}: {fault}"
        if exchange.status < 400:
            for fault in _of_answer(exchange, operation, document):
                yield f"{exchange.name}: {fault}"

    def _found(self, exchange: Exchange) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
        for path, item, document in self._paths:
            if path.fullmatch(exchange.path) and exchange.host in _hosts(item, document):
                return item, document
        return None


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", path)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))


def _hosts(item: Mapping[str, Any], document: Mapping[str, Any]) -> set[str | None]:
    return {urlsplit(server["url"]).hostname for server in item.get("servers") or document.get("servers", ())}


def _of_query(
    exchange: Exchange, item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[str]:
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    for name, value in parse_qsl(exchange.query, keep_blank_values=True):
        if name not in known:
            yield f"the query has {name}, which is not described"
        else:
            yield from _faults({"v": known[name]}, {"v": _typed(value, known[name])}, document)


def _of_form(exchange: Exchange, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    fields = parse_qsl(exchange.form, keep_blank_values=True)
    content = operation.get("requestBody", {}).get("content", {})
    if FORM not in content:
        if fields:
            yield "a form is not described"
        return
    schema = content[FORM]["schema"]
    known = schema.get("properties", {})
    data = dict[str, Any]()
    for name, value in fields:
        if name not in known:
            yield f"the form has {name}, which is not described"
        elif known[name].get("type") == "array":
            data.setdefault(name, []).append(value)
        else:
            data[name] = _typed(value, known[name])
    yield from (f"the form has no {name}" for name in schema.get("required", ()) if name not in data)
    yield from _faults(known, data, document)


def _of_answer(exchange: Exchange, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    described = operation["responses"].get(str(exchange.status))
    if described is None:
        yield f"{exchange.status} is answered, and {', '.join(operation['responses'])} are described"
        return
    schema = described.get("content", {}).get(JSON, {}).get("schema")
    if schema is not None:
        yield from _faults({"answer": schema}, {"answer": exchange.answer}, document)
        yield from _unknown(schema, exchange.answer, document)


def _faults(properties: Mapping[str, Schema], data: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    components = _in_words_of_json_schema(document.get("components", {}))
    schema = {"type": "object", "properties": _in_words_of_json_schema(properties), "components": components}
    for error in Draft202012Validator(schema).iter_errors(data):
        cause = best_match([error])  # of what may be null, why it is not what it may be else
        yield f"{'.'.join(map(str, cause.absolute_path))}: {cause.message[:200]}"


def _unknown(schema: Schema, answer: Any, document: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield each field of an answer that is not described: its schemas forbid none."""
    schema = _resolved(schema, document)
    if isinstance(answer, list):
        for one in answer[:1]:
            yield from _unknown(schema.get("items", {}), one, document, f"{at}[]")
    elif isinstance(answer, dict) and "properties" in schema:
        for name, value in answer.items():
            if name not in schema["properties"]:
                yield f"the answer has {at}{name}, which is not described"
            else:
                yield from _unknown(schema["properties"][name], value, document, f"{at}{name}.")


def _resolved(schema: Schema, document: Mapping[str, Any]) -> Schema:
    if reference := schema.get("$ref"):
        return document["components"]["schemas"][reference.rpartition("/")[2]]
    return schema


def _in_words_of_json_schema(schema: Schema) -> Schema:
    if isinstance(schema, list):
        return [_in_words_of_json_schema(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    written = {name: _in_words_of_json_schema(value) for name, value in schema.items()}
    if "$ref" in written:  # what is described by reference may be null, which OpenAPI 3.0 has no word for
        return {"anyOf": [{"$ref": written["$ref"]}, {"type": "null"}]}
    if schema.get("nullable") is True:
        written["type"] = [schema["type"], "null"] if "type" in schema else None
        if "enum" in schema:
            written["enum"] = [*schema["enum"], None]
    return {name: value for name, value in written.items() if name != "nullable" and value is not None}


def _typed(value: str, schema: Schema) -> Any:
    match schema.get("type"):
        case "integer":
            return int(value) if value.lstrip("-").isdigit() else value
        case "boolean":
            return {"true": True, "false": False}.get(value, value)
    return value
