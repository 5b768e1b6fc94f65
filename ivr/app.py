"""Builds the application: reads the content, ties the parts together, and lists every route."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Renderer
from ivr.web import health
from ivr.web.keeper import Keeper
from ivr.web.metrics import Metrics
from ivr.web.recorder import Recorder
from ivr.web.signed import Handler, Signed
from ivr.web.sms import Sms
from ivr.web.status import Status
from ivr.web.voice import Voice

LONDON = ZoneInfo("Europe/London")
MEDIATION = "global_mediation"
LAST_WORDS = 20.0
"""Seconds to write the lines that are left, and to finish with texts that were begun, when told to stop."""


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


Beside = Callable[[asyncio.Event], Awaitable[None]]
"""Something that goes on beside the calls until it is told to stop, such as sending texts."""


def build(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    folder: Path = CONTENT,
    beside: Beside | None = None,
) -> Starlette:
    """The application, ready to be served."""
    helpline = load(folder)
    now = clock or settings.clock
    store = Store(settings.database_url, settings.secrets)
    recorder = Recorder(store, now)
    keeper = Keeper(store, _caps(settings), settings.text_prefixes if settings.can_text else (), now)
    voice = _voice(helpline, settings, now, keeper, recorder)
    sms = Sms(store, settings.secrets, now, helpline.service.words.text("helpline.sms_answer"))
    signature = None if settings.dev else Signature(settings.public_url, settings.auth_token)

    def provider(path: str, handler: Handler) -> Route:
        return Route(path, Signed(signature, handler), methods=["POST"])

    return Starlette(
        routes=[
            provider("/voice", voice.answer),
            provider("/voice/status", Status(store, now).answer),
            provider("/voice/{flow}/{step}", voice.answer),
            provider("/sms", sms.incoming),
            provider("/sms/status", sms.delivery),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/metrics", Metrics(store, now).answer),
        ],
        lifespan=_lifespan(store, recorder, beside),
    )


def _voice(
    helpline: Helpline, settings: Settings, now: Callable[[], datetime], keeper: Keeper, recorder: Recorder
) -> Voice:
    def desk(form: Mapping[str, str]) -> HelplineDesk:
        today = now().astimezone(LONDON).date()
        caller = form.get("From", "")
        return HelplineDesk(today, helpline.contacts, settings.advisers, settings.number, settings.hours, caller)

    return Voice(
        helpline.service,
        renderer(helpline, settings),
        Seal(*settings.secrets),
        desk,
        last_resort(helpline, settings, now()),
        keeper,
        recorder,
    )


def _caps(settings: Settings) -> Caps:
    return Caps(settings.texts_per_number, settings.texts_per_hour)


def _lifespan(
    store: Store, recorder: Recorder, beside: Beside | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Lines of calls are written while the application lives; what waits when it ends is written before."""
        stop = asyncio.Event()
        tasks = [asyncio.create_task(recorder.write())]
        if beside:
            tasks.append(asyncio.create_task(_run(beside, stop)))
        try:
            yield
        finally:
            recorder.stop()
            stop.set()
            await asyncio.wait(tasks, timeout=LAST_WORDS)
            await store.close()

    return lifespan


async def _run(beside: Beside, stop: asyncio.Event) -> None:
    await beside(stop)


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
