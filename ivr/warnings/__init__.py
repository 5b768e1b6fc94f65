"""What staff should know before it becomes a mistake, found by folder: one file, one warning.

A warning is a function `warn(content, means)` that yields a problem for everything that should be seen to soon. It
stops nothing: whoever is on the telephone is better served by a helpline that runs.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem

Warn = Callable[[Content, Means], Iterator[Problem]]


def _warnings() -> dict[str, Warn]:
    names = [module.name for module in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}").warn for name in names}


WARNINGS: dict[str, Warn] = _warnings()
"""Every warning, by the name of its file."""
