"""Turns pydantic's errors into problems that a person who edits the file understands."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.engine.yaml import Source
from ivr.errors import Problem

MISSING, UNKNOWN, WRONG = "missing_field", "unknown_field", "wrong_value"
"""The rules that an entry of a file may break (`ivr/lint/rules/files.py`)."""
RULES = {"missing": MISSING, "extra_forbidden": UNKNOWN}
Where = tuple[int | str, ...]
ALIKE, VERY_LIKE = 0.5, 0.75
"""The likeness from which a field that is not known is one that is missing beside it, and any name one of many."""
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
    """Return one problem for each error, at its line.

    A field that is misspelt, or that stands in a line that was mended, is not told to be missing too.
    """
    errors = error.errors()
    meant = dict(_misspelt(errors))
    return [
        _problem(detail, source, within, meant.get(detail["loc"]))
        for detail in errors
        if detail["type"] != "missing" or not (detail["loc"] in meant.values() or detail["loc"][-1] in source.slipped)
    ]


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about a name that is not known: the one it is probably meant to be.

    >>> suggestion("mneu", ["say", "menu"])
    ': is it “menu”?'
    """
    close = get_close_matches(name, known, 1, VERY_LIKE)
    return f": is it “{close[0]}”?" if close else ""


def _misspelt(errors: list[ErrorDetails]) -> Iterator[tuple[Where, Where]]:
    """Yield the place of each field that is not known, with that of the one which it was meant to be.

    It is missing beside it and spelt alike, or missing elsewhere and spelt the same.
    """
    missing = {detail["loc"] for detail in errors if detail["type"] == "missing"}
    for loc in (detail["loc"] for detail in errors if detail["type"] == "extra_forbidden"):
        beside = {str(other[-1]): other for other in missing if other[:-1] == loc[:-1]}
        close = [beside[name] for name in get_close_matches(str(loc[-1]), beside, 1, ALIKE)]
        for meant in (close or [other for other in missing if other[-1] == loc[-1]])[:1]:
            missing.remove(meant)
            yield loc, meant


def _problem(detail: ErrorDetails, source: Source, within: tuple[str, ...], meant: Where | None) -> Problem:
    path = (*within, *map(str, detail["loc"]))
    name = path[-1] if path else source.file
    sentence = SENTENCES.get(detail["type"], "“{name}”: " + detail["msg"].removeprefix("Value error, "))
    expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
    says = sentence.replace("{name}", name).replace("{expected}", expected)
    if meant:
        says += ": it stands too far left or right" if meant[-1] == name else f": is it “{meant[-1]}”?"
    return source.problem(says, *path, rule=RULES.get(detail["type"], WRONG))
