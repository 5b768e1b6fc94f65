"""Every kind of step, found by folder: one file, one kind, named alike."""

from importlib import import_module
from pkgutil import iter_modules

from ivr.engine.step import Step


def _kinds() -> dict[str, type[Step]]:
    names = [module.name for module in iter_modules(__path__)]
    return {name: import_module(f"{__name__}.{name}").KIND for name in names}


KINDS: dict[str, type[Step]] = _kinds()
"""The kinds a flow may name."""
