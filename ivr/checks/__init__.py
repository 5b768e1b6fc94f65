"""The rules that flows and prompts obey, found by folder: one file, one rule.

A rule is a function `check(content)` that yields a problem for every place where it is broken.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from ivr.engine.content import Content
from ivr.errors import Problem

Rule = Callable[[Content], Iterator[Problem]]


def _rules() -> dict[str, Rule]:
    names = [module.name for module in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}").check for name in names}


RULES: dict[str, Rule] = _rules()
"""Every rule, by the name of its file."""


def problems_in(content: Content) -> list[Problem]:
    """All that is wrong, sorted by file and line."""
    broken = {problem for rule in RULES.values() for problem in rule(content)}
    return sorted(broken | set(content.problems))
