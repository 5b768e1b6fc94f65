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
from ivr.engine.content import Content, read_content
from ivr.engine.seal import Seal
from ivr.engine.service import Service
from ivr.engine.verbs import Turn
from ivr.errors import ContentError
from ivr.helpline import our_hours, rules
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.desk import HelplineDesk
from ivr.helpline.fallback import fallback
from ivr.helpline.hours import Hours
from ivr.helpline.our_hours import OurHours
from ivr.helpline.rota import of_setting
from ivr.helpline.rules import Rule, read_rules
from ivr.helpline.spoken_hours import said_week
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from ivr.store.alerts import Alerts
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.telephony.signature import Signature
from ivr.telephony.twiml import Renderer
from ivr.web import health
from ivr.web.keeper import Keeper
from ivr.web.listening import Listening
from ivr.web.metrics import Metrics
from ivr.web.on_duty import OnDuty
from ivr.web.recorder import Recorder
from ivr.web.recordings import Recordings
from ivr.web.signed import Handler, Signed
from ivr.web.sms import Sms
from ivr.web.status import Status
from ivr.web.voice import PATIENCE, Voice

LONDON = ZoneInfo("Europe/London")
LAST_WORDS = 20.0
"""Seconds to write the lines that are left, and to finish with texts that were begun, when told to stop."""


@dataclass(frozen=True)
class Helpline:
    """What is read once, before any call: the service and whom it can turn to."""

    service: Service
    contacts: Mapping[str, Contact]
    ours: OurHours | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @cached_property
    def hours(self) -> Hours | None:
        """When we are open; without any we always are."""
        return self.ours.hours() if self.ours else None

    def hours_to_say(self, today: date) -> str | None:
        """The same in words, unless nobody has confirmed it for too long."""
        return self._hours_said if self.ours and today <= self.ours.good_until else None

    @cached_property
    def _hours_said(self) -> str | None:
        if not self.ours or not self.ours.can_be_said(self.ours.good_until):
            return None
        return said_week(self.ours.weekly.week(), self.service.words)


@cache
def load(folder: Path = CONTENT) -> Helpline:
    """The helpline of a folder, read once; raises ContentError with every mistake in it."""
    return read(folder)


def read(folder: Path, language: str | None = None) -> Helpline:
    """The same as it stands there now, in one of its languages: the first if none is named."""
    content = read_content(folder, KINDS, language)
    if problems := problems_in(content):
        raise ContentError(problems)
    ours, _ = our_hours.read_hours(content.sources.get(our_hours.FILE))
    return Helpline(content.service(), _contacts(content), ours, read_rules(content.sources.get(rules.FILE))[0])


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
    recorder = Recorder(store, now)
    advisers, alerts = of_setting(settings.advisers), alerts_of(helpline, settings)
    listening = Listening(settings.public_url, settings.secrets)
    prefixes = settings.text_prefixes if settings.can_text else ()
    keeper = Keeper(store, _caps(settings), prefixes, now, advisers, alerts, listening if settings.can_fetch else None)
    on_duty = OnDuty(store, advisers, now)
    voice = _voice(helpline, settings, now, on_duty, keeper, recorder, PATIENCE * patience)
    recordings = Recordings(store, listening, now, alerts)
    answer = helpline.service.words.text("helpline.sms_answer")
    sms = Sms(store, settings.secrets, now, answer, settings.text_prefixes, settings.texts_per_hour)
    signature = None if settings.dev else Signature(settings.public_url, settings.auth_token)

    def provider(path: str, handler: Handler) -> Route:
        return Route(path, Signed(signature, handler), methods=["POST"])

    app = Starlette(
        routes=[
            provider("/voice/{flow}/{step}", voice.answer),  # first, as nearly all that comes in is a key press
            provider("/voice", voice.answer),
            provider("/voice/status", Status(store, now, alerts).answer),
            provider("/voice/recording", recordings.news),
            provider("/sms", sms.incoming),
            provider("/sms/status", sms.delivery),
            Route("/recordings/{token}", recordings.sound),
            Route("/health/live", health.live),
            Route("/health/ready", health.ready),
            Route("/metrics", Metrics(store, now).answer),
            *([Route("/phone", _with_a_slash), Mount("/phone", phone)] if phone else ()),
        ],
        lifespan=_lifespan(store, on_duty, recorder, beside, phone),
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
    on_duty: OnDuty,
    keeper: Keeper,
    recorder: Recorder,
    patience: float,
) -> Voice:
    def desk(form: Mapping[str, str]) -> HelplineDesk:
        here, duty = now().astimezone(LONDON), on_duty.now
        return HelplineDesk(
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
        helpline.service,
        renderer(helpline, settings),
        Seal(*settings.secrets, clock=now),
        desk,
        last_resort(helpline, settings, now()),
        keeper,
        recorder,
        patience,
    )


def _caps(settings: Settings) -> Caps:
    texts = settings.texts_per_number, settings.texts_per_hour
    messages = settings.messages_per_number, settings.messages_per_hour
    return Caps(*texts, *messages, settings.callbacks_per_number, settings.callbacks_per_hour)


def alerts_of(helpline: Helpline, settings: Settings) -> Alerts | None:
    """How our advisers are told of what waits for them, if texts can be sent at all."""
    words = helpline.service.words.text("helpline.alert_message")
    return Alerts(of_setting(settings.advisers), words) if settings.can_text else None


def _lifespan(
    store: Store, on_duty: OnDuty, recorder: Recorder, beside: Beside | None, phone: Starlette | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Who is on duty is known before the first call, and kept up with while the application lives.

        Lines of calls are written meanwhile; what waits when it ends is written before.
        """
        stop = asyncio.Event()
        await on_duty.refresh()
        tasks = [asyncio.create_task(recorder.write()), asyncio.create_task(on_duty.keep_up(stop))]
        if beside:
            tasks.append(asyncio.create_task(_run(beside, stop)))
        try:
            async with AsyncExitStack() as stack:
                if phone:
                    await stack.enter_async_context(phone.router.lifespan_context(phone))
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
    today = now.astimezone(LONDON).date()
    named = (one for one in helpline.contacts.values() if one.when_down and one.number_to_say(today))
    return fallback(helpline.service.words, settings.advisers, next(named, None))


def fallback_document(settings: Settings, now: datetime) -> str:
    """The static document for the number's fallback address; it needs no application."""
    helpline = load(settings.content)
    turn = last_resort(helpline, settings, now)
    return renderer(helpline, settings).document(turn, None).fill("").decode()
