"""What a call script is played on: the app that it is for, and the telephone company around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp

from ivr.phone.office import Office
from ivr.phone.rounds import Meanwhile


@dataclass(frozen=True, eq=False)
class Stage:
    """What an app is made for: a `clock` that goes with the call, settings besides the usual, the company's office.

    `rota` and `closures` are what the script says under these names, as it stands there.
    """

    clock: Callable[[], datetime]
    settings: Mapping[str, str]
    office: Office
    rota: str = ""
    closures: str = ""


@dataclass(frozen=True)
class Process:
    """An app that answers, and what of it works beside the calls, a round at a time."""

    app: ASGIApp
    meanwhile: Meanwhile | None = None


AppFactory = Callable[[Stage], Process]
"""Makes the app; called once more for every restart."""


@dataclass(frozen=True)
class Number:
    """How the helpline's number is set up at the company: where the app is, and what happens when it fails.

    `status_callback` is told when a call has ended.
    """

    public_url: str
    token: str
    fallback: str | None = None
    status_callback: str | None = None
