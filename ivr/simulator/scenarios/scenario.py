"""A scenario: a whole call as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

CALLERS = {"mobile": "+447700900123", "landline": "+441632960123", "withheld": "anonymous"}
"""The callers by name. Twilio sends letters for a withheld number (its changelog of 16 November 2022)."""


@dataclass(frozen=True)
class Step:
    """One line of a scenario: an action or expectation with its texts or its fields."""

    line: int
    action: str
    texts: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A whole call that begins `at` a time in London. `rota` and `closures` are passed to the app as they stand.

    `listen_for` tells an audience what to listen for, where the call is played to one (a tour).
    """

    file: str
    title: str
    at: datetime
    caller: str
    settings: Mapping[str, str]
    callees: Mapping[str, str]
    default_callee: str
    steps: tuple[Step, ...]
    rota: str = ""
    closures: str = ""
    listen_for: str = ""
