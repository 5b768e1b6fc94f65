"""One slip for each misspelt name: what is wanted and not there is told once, with what is there and spelt alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from ivr.engine.validation import VERY_LIKE, suggestion
from ivr.errors import Problem

ALIKE = 0.6
"""The likeness of two names, between 0 and 1, from which one may be the other, misspelt."""


def likeness(one: str, other: str) -> float:
    """Return how much two names have in common, between 0 and 1."""
    return SequenceMatcher(None, one, other).ratio()


def pairs(wanted: Iterable[str], unwanted: Iterable[str]) -> dict[str, str]:
    """Return for each name that is wanted and not there the one that is there, not wanted, and most like it.

    >>> pairs(["menu.silence", "bye"], ["menu.silense", "hello"])
    {'menu.silence': 'menu.silense'}
    """
    others = tuple(unwanted)
    scored = sorted(((_closeness(one, other), one, other) for one in wanted for other in others), reverse=True)
    found: dict[str, str] = {}
    for score, one, other in scored:
        if score >= ALIKE and one not in found and other not in found.values():
            found[one] = other
    return found


def _closeness(wanted: str, other: str) -> float:
    """Return the likeness of two names, or of one to the last part of the other: its line may stand too far left."""
    return max(likeness(wanted, other), likeness(wanted.rpartition(".")[2], other))


def wanted_in_vain(
    wanted: Mapping[str, list[Problem]],
    known: Iterable[str],
    unwanted: Iterable[str],
    at: Callable[[str, str], Problem],
) -> Iterator[Problem]:
    """Yield a problem for each place that names what is not there.

    Only one is yielded, `at` what is there, where several places agree on a name and one is there that nobody wants
    and that is spelt alike: it is the one that is misspelt.
    """
    names, free = tuple(known), tuple(unwanted)
    for name, problems in wanted.items():
        if len(problems) > 1 and (close := get_close_matches(name, free, 1, VERY_LIKE)):
            says = f"“{name}” is wanted in {len(problems)} places and is not there, and nobody wants “{close[0]}”"
            yield at(close[0], f"{says}: is it misspelt here?")
        else:
            yield from (replace(problem, says=problem.says + suggestion(name, names)) for problem in problems)
