"""What a scenario needs from the app: how to start it, and how its phone number is configured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twiml.prompts import PromptsIn
from ivr.simulator.worker_ticks import Tick


@dataclass(frozen=True, eq=False)
class Environment:
    """What an app is started with: a simulated clock, settings beside the usual ones, and a Twilio account.

    `rota` and `closures` are those of the scenario, as they stand there.
    """

    clock: Callable[[], datetime]
    settings: Mapping[str, str]
    twilio: TwilioAccount
    rota: str = ""
    closures: str = ""


@dataclass(frozen=True)
class AppProcess:
    """A running app, a tick of the worker beside it, and which prompts its documents say."""

    app: ASGIApp
    tick: Tick | None = None
    prompts_in: PromptsIn = lambda text: ()


AppFactory = Callable[[Environment], AppProcess]
"""Starts the app; called again for every restart."""


@dataclass(frozen=True)
class PhoneNumber:
    """How the helpline's number is configured at Twilio.

    `fallback` is the document for when the app fails; `status_callback` is the URL told that a call has ended.
    """

    public_url: str
    token: str
    fallback: str | None = None
    status_callback: str | None = None
