"""The page of every rule, made from the rules themselves."""

from collections.abc import Iterable, Iterator
from importlib import import_module

from ivr.checks import RULES
from ivr.reviews import REVIEWS
from ivr.warnings import WARNINGS

HEAD = ("| rule | what must be true | what it finds |", "| --- | --- | --- |")


def rules_page() -> Iterator[str]:
    """The lines of docs/rules.md."""
    yield "# The rules"
    yield ""
    yield "Written by `ivr check --rules`. The limits stand in `ivr/helpline/limits.py`, each with its source."
    yield from ("", "## A start is refused", "", "Calls would break.", "", *HEAD)
    yield from _rows("ivr.checks", "check", RULES)
    yield from ("", "## A release is refused", "", "A helpline would run, and its callers would suffer.", "", *HEAD)
    yield from _rows("ivr.reviews", "review", REVIEWS)
    yield from ("", "## To be seen to soon", "", "Warnings stop nothing.", "", *HEAD)
    yield from _rows("ivr.warnings", "warn", WARNINGS)


def _rows(package: str, function: str, rules: Iterable[str]) -> Iterator[str]:
    for name in sorted(rules):
        module = import_module(f"{package}.{name}")
        finds = str(getattr(module, function).__doc__).strip().splitlines()[0]
        yield f"| `{name}` | {_cell(str(module.__doc__))} | {_cell(finds)} |"


def _cell(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")
