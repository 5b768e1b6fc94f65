"""What a caller would suffer from, though the helpline would run, found by folder: one file, one rule.

A rule is a function `review(content, means)` that yields a problem for every place where it is broken. It refuses no
start, only a release: `ivr check` reads them all.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem

Review = Callable[[Content, Means], Iterator[Problem]]


def _reviews() -> dict[str, Review]:
    names = [module.name for module in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}").review for name in names}


REVIEWS: dict[str, Review] = _reviews()
"""Every such rule, by the name of its file."""
