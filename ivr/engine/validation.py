"""Turns pydantic's errors into problems that a person who edits the file understands."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.engine.yaml import Source
from ivr.errors import Problem

SENTENCES = {
    "missing": "“{name}” is missing here",
    "extra_forbidden": "“{name}” is not something this can have",
    "string_type": "“{name}” should be text",
    "too_short": "“{name}” should not be empty",
    "string_too_short": "“{name}” should not be empty",
    "too_long": "“{name}” has too many entries",
    "int_parsing": "“{name}” should be a whole number",
    "dict_type": "“{name}” should be names, each with a colon and what belongs to it",
    "tuple_type": "“{name}” should be a list",
    "date_from_datetime_parsing": "“{name}” should be a day, such as 2026-11-23",
    "date_from_datetime_inexact": "“{name}” should be a day, such as 2026-11-23",
    "literal_error": "“{name}” is {expected}",
}


def readable_errors(error: ValidationError, source: Source, *within: str) -> list[Problem]:
    """Return one problem for each error, at its line."""
    return [_problem(detail, source, within) for detail in error.errors()]


def _problem(detail: ErrorDetails, source: Source, within: tuple[str, ...]) -> Problem:
    path = (*within, *map(str, detail["loc"]))
    name = path[-1] if path else source.file
    sentence = SENTENCES.get(detail["type"], "“{name}”: " + detail["msg"].removeprefix("Value error, "))
    expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
    return source.problem(sentence.replace("{name}", name).replace("{expected}", expected), *path)
