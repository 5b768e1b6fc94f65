"""Builds the application: reads the content, ties the parts together, and lists every route."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.routing import Route

from ivr.checks import problems_in
from ivr.config import CONTENT, Settings
from ivr.engine.content import Content, read_content
from ivr.engine.seal import Seal
from ivr.engine.service import Service
from ivr.engine.verbs import Turn
from ivr.errors import ContentError
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.desk import HelplineDesk
from ivr.helpline.fallback import fallback
from ivr.steps import KINDS
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Renderer
from ivr.web import health
from ivr.web.voice import Voice

LONDON = ZoneInfo("Europe/London")
MEDIATION = "global_mediation"


@dataclass(frozen=True)
class Helpline:
    """What is read once, before any call: the service and whom it can turn to."""

    service: Service
    contacts: Mapping[str, Contact]


@cache
def load(folder: Path = CONTENT) -> Helpline:
    """The helpline of a folder; raises ContentError with every mistake in it."""
    content = read_content(folder, KINDS)
    if problems := problems_in(content):
        raise ContentError(problems)
    return Helpline(content.service(), _contacts(content))


def _contacts(content: Content) -> dict[str, Contact]:
    source = content.sources.get("flows/contacts.yaml")
    return read_contacts(source)[0] if source else {}


def build(settings: Settings, clock: Callable[[], datetime] | None = None, folder: Path = CONTENT) -> Starlette:
    """The application, ready to be served."""
    helpline = load(folder)
    now = clock or settings.clock

    def desk() -> HelplineDesk:
        today = now().astimezone(LONDON).date()
        return HelplineDesk(today, helpline.contacts, settings.advisers, settings.number, settings.hours)

    voice = Voice(
        helpline.service,
        renderer(helpline, settings),
        Seal(settings.secret),
        desk,
        None if settings.dev else Signature(settings.public_url, settings.auth_token),
        last_resort(helpline, settings, now()),
    )
    return Starlette(
        routes=[
            Route("/voice", voice, methods=["POST"]),
            Route("/voice/{flow}/{step}", voice, methods=["POST"]),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
        ]
    )


def renderer(helpline: Helpline, settings: Settings) -> Renderer:
    """Writes documents in the helpline's voice, with its own address and number in them."""
    return Renderer(helpline.service.words.language, f"{settings.public_url}/voice", settings.caller_id)


def last_resort(helpline: Helpline, settings: Settings, now: datetime) -> Turn:
    """What is said when nothing of ours works."""
    mediation = helpline.contacts.get(MEDIATION)
    speakable = mediation if mediation and mediation.number_to_say(now.astimezone(LONDON).date()) else None
    return fallback(helpline.service.words, settings.advisers, speakable)


def fallback_document(settings: Settings, now: datetime, folder: Path = CONTENT) -> str:
    """The static document for the number's fallback address; it needs no application."""
    helpline = load(folder)
    turn = last_resort(helpline, settings, now)
    return renderer(helpline, settings).document(turn, None).fill("").decode()
