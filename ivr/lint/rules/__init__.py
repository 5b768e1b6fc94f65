"""The lint rules, in one file for each subject; importing this package registers them all."""

from importlib import import_module
from pkgutil import iter_modules

from ivr.lint.registry import registered

for _subject in iter_modules(__path__):
    import_module(f"{__name__}.{_subject.name}")

RULES = registered()
"""Every rule by its id, in a fixed order."""
