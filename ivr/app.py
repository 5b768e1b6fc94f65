"""Builds the application: reads the content, ties the parts together, and lists every route."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from ivr.config import CONTENT, Settings
from ivr.engine.call_flows import CallFlows
from ivr.engine.content import Content, read_content
from ivr.engine.verbs import Turn
from ivr.errors import ContentError
from ivr.helpline import legal_rules, opening_hours_file
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.fallback import fallback_turn
from ivr.helpline.hours_speech import speak_week
from ivr.helpline.legal_rules import LegalRule, read_legal_rules
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import of_setting
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Renderer
from ivr.tokens import CallStateTokens
from ivr.web import health
from ivr.web.call_log import CallLog
from ivr.web.call_status import CallStatus
from ivr.web.effects import EffectHandler
from ivr.web.metrics import Metrics
from ivr.web.recording_links import RecordingLinks
from ivr.web.recordings import Recordings
from ivr.web.rota_cache import RotaCache
from ivr.web.signature_check import Handler, SignatureCheck
from ivr.web.sms import Sms
from ivr.web.voice import PATIENCE, Voice

LONDON = ZoneInfo("Europe/London")
LAST_WORDS = 20.0
"""Seconds to write the lines that are left, and to finish with texts that were begun, when told to stop."""


@dataclass(frozen=True)
class Helpline:
    """What is read once, before any call: the service and whom it can turn to."""

    flows: CallFlows
    contacts: Mapping[str, Contact]
    ours: OpeningHoursFile | None = None
    rules: Mapping[str, LegalRule] = field(default_factory=dict)

    @cached_property
    def hours(self) -> OpeningHours | None:
        """When we are open; without any we always are."""
        return self.ours.hours() if self.ours else None

    def hours_to_say(self, today: date) -> str | None:
        """The same in words, unless nobody has confirmed it for too long."""
        return self._hours_said if self.ours and today <= self.ours.good_until else None

    @cached_property
    def _hours_said(self) -> str | None:
        if not self.ours or not self.ours.can_be_said(self.ours.good_until):
            return None
        return speak_week(self.ours.weekly.week(), self.flows.words)


@cache
def load(folder: Path = CONTENT) -> Helpline:
    """The helpline of a folder, read once; raises ContentError with every mistake in it."""
    return read(folder)


def read(folder: Path, language: str | None = None) -> Helpline:
    """The same as it stands there now, in one of its languages: the first if none is named."""
    content = read_content(folder, KINDS, language)
    if problems := problems_in(content):
        raise ContentError(problems)
    ours, _ = opening_hours_file.read_hours(content.sources.get(opening_hours_file.FILE))
    return Helpline(
        content.flows(), _contacts(content), ours, read_legal_rules(content.sources.get(legal_rules.FILE))[0]
    )


def _contacts(content: Content) -> dict[str, Contact]:
    source = content.sources.get("flows/contacts.yaml")
    return read_contacts(source)[0] if source else {}


Beside = Callable[[asyncio.Event], Awaitable[None]]
"""Something that goes on beside the calls until it is told to stop, such as sending texts."""


def build(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    beside: Beside | None = None,
    helpline: Helpline | None = None,
    phone: Starlette | None = None,
    patience: float = 1.0,
) -> Starlette:
    """The application, ready to be served; a `helpline` that was read already is not read from its folder.

    `patience` is for the database, in seconds. `phone` is the telephone in the browser: in production there is none,
    whatever is handed in.
    """
    helpline = helpline or load(settings.content)
    phone = phone if settings.dev else None
    now = clock or settings.clock
    store = Store(settings.database_url, settings.secrets, patience)
    call_log = CallLog(store, now)
    advisers, alerts = of_setting(settings.advisers), alerts_of(helpline, settings)
    listening = RecordingLinks(settings.public_url, settings.secrets)
    prefixes = settings.text_prefixes if settings.can_text else ()
    effects = EffectHandler(
        store, _quotas(settings), prefixes, now, advisers, alerts, listening if settings.can_fetch else None
    )
    on_duty = RotaCache(store, advisers, now)
    voice = _voice(helpline, settings, now, on_duty, effects, call_log, PATIENCE * patience)
    recordings = Recordings(store, listening, now, alerts)
    answer = helpline.flows.words.text("helpline.sms_answer")
    sms = Sms(store, settings.secrets, now, answer, settings.text_prefixes, settings.texts_per_hour)
    signature = None if settings.dev else Signature(settings.public_url, settings.auth_token)

    def provider(path: str, handler: Handler) -> Route:
        return Route(path, SignatureCheck(signature, handler), methods=["POST"])

    app = Starlette(
        routes=[
            provider("/voice/{flow}/{step}", voice.answer),  # first, as nearly all that comes in is a key press
            provider("/voice", voice.answer),
            provider("/voice/status", CallStatus(store, now, alerts).answer),
            provider("/voice/recording", recordings.news),
            provider("/sms", sms.incoming),
            provider("/sms/status", sms.delivery),
            Route("/recordings/{token}", recordings.sound),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/metrics", Metrics(store, now).answer),
            *([Route("/phone", _with_a_slash), Mount("/phone", phone)] if phone else ()),
        ],
        lifespan=_lifespan(store, on_duty, call_log, beside, phone),
    )
    app.router.redirect_slashes = False  # it would send people to whatever address their request claims to be for
    app.state.on_duty = on_duty
    return app


async def _with_a_slash(request: Request) -> Response:
    """To the same page, under which its own addresses are."""
    return RedirectResponse(f"{request.url.path}/?{request.url.query}")


def _voice(
    helpline: Helpline,
    settings: Settings,
    now: Callable[[], datetime],
    on_duty: RotaCache,
    effects: EffectHandler,
    call_log: CallLog,
    patience: float,
) -> Voice:
    def environment(form: Mapping[str, str]) -> HelplineEnvironment:
        here, duty = now().astimezone(LONDON), on_duty.now
        return HelplineEnvironment(
            now=here,
            contacts=helpline.contacts,
            advisers=duty.advisers,
            own_number=settings.number,
            hours=duty.hours(helpline.hours),
            caller=form.get("From", ""),
            own_hours=helpline.hours_to_say(here.date()),
            rules=helpline.rules,
        )

    return Voice(
        helpline.flows,
        renderer(helpline, settings),
        CallStateTokens(*settings.secrets, clock=now),
        environment,
        last_resort(helpline, settings, now()),
        effects,
        call_log,
        patience,
    )


def _quotas(settings: Settings) -> Quotas:
    texts = settings.texts_per_number, settings.texts_per_hour
    messages = settings.messages_per_number, settings.messages_per_hour
    return Quotas(*texts, *messages, settings.callbacks_per_number, settings.callbacks_per_hour)


def alerts_of(helpline: Helpline, settings: Settings) -> StaffAlerts | None:
    """How our advisers are told of what waits for them, if texts can be sent at all."""
    words = helpline.flows.words.text("helpline.alert_message")
    return StaffAlerts(of_setting(settings.advisers), words) if settings.can_text else None


def _lifespan(
    store: Store, on_duty: RotaCache, call_log: CallLog, beside: Beside | None, phone: Starlette | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Who is on duty is known before the first call, and kept up with while the application lives.

        Lines of calls are written meanwhile; what waits when it ends is written before.
        """
        stop = asyncio.Event()
        await on_duty.refresh()
        tasks = [asyncio.create_task(call_log.write()), asyncio.create_task(on_duty.keep_up(stop))]
        if beside:
            tasks.append(asyncio.create_task(_run(beside, stop)))
        try:
            async with AsyncExitStack() as stack:
                if phone:
                    await stack.enter_async_context(phone.router.lifespan_context(phone))
                yield
        finally:
            call_log.stop()
            stop.set()
            await asyncio.wait(tasks, timeout=LAST_WORDS)
            await store.close()

    return lifespan


async def _run(beside: Beside, stop: asyncio.Event) -> None:
    await beside(stop)


def renderer(helpline: Helpline, settings: Settings) -> Renderer:
    """Writes documents in the helpline's voice, with its own address and number in them."""
    return Renderer(helpline.flows.words.language, f"{settings.public_url}/voice", settings.caller_id)


def last_resort(helpline: Helpline, settings: Settings, now: datetime) -> Turn:
    """What is said when nothing of ours works."""
    today = now.astimezone(LONDON).date()
    named = (one for one in helpline.contacts.values() if one.when_down and one.number_to_say(today))
    return fallback_turn(helpline.flows.words, settings.advisers, next(named, None))


def fallback_document(settings: Settings, now: datetime) -> str:
    """The static document for the number's fallback address; it needs no application."""
    helpline = load(settings.content)
    turn = last_resort(helpline, settings, now)
    return renderer(helpline, settings).document(turn, None).fill("").decode()
