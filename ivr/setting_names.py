"""Finds settings that are misspelt: a name that nothing reads would otherwise be a default that nobody chose."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

OURS, PROVIDERS = "IVR_", "TWILIO_"
ALIKE, MORE_ALIKE, MOST_ALIKE = 0.6, 0.8, 0.9
"""How alike a name must be, of 1: the environment has many for others, some of them for the provider's."""


def unknown_settings(names: Collection[str], known: Collection[str]) -> list[str]:
    """Return a line for each name that is no setting and was meant to be one, with the one that it may stand for.

    >>> unknown_settings(["IVR_ADVISORS", "HOME", "TWILIO_REGION"], ["IVR_ADVISERS"])
    ['IVR_ADVISORS: there is no such setting; did you mean IVR_ADVISERS? (.env.example lists all)']
    """
    return list(_lines(sorted(set(names) - set(known)), set(known), set(known) - set(names)))


def _lines(names: Iterable[str], known: Collection[str], unset: Collection[str]) -> Iterator[str]:
    for name in names:
        if name.upper().startswith(OURS):
            yield _line(name, get_close_matches(name.upper(), sorted(known), 1, ALIKE))
        else:
            enough = MORE_ALIKE if name.upper().startswith(PROVIDERS) else MOST_ALIKE
            if meant := get_close_matches(name.upper(), sorted(unset), 1, enough):
                yield _line(name, meant)


def _line(name: str, meant: list[str]) -> str:
    asked = f"; did you mean {meant[0]}?" if meant else ""
    return f"{name}: there is no such setting{asked} (.env.example lists all)"
