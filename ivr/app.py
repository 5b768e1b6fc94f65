"""The application: ties its parts together, and lists every route."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from ivr.alert_wiring import build_stand_in
from ivr.alerts.stand_in import StandIn
from ivr.call_environment import environment_of
from ivr.canary.whisper import accepting
from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.errors import IvrError
from ivr.fallback_document import render, renderer_of
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.rota import of_setting
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.text_destinations import TextDestinations
from ivr.loader import Helpline, load
from ivr.log import LOGGER, reason
from ivr.readiness import readiness_checks
from ivr.store import secrets_in_use
from ivr.store.database import Store
from ivr.telephony.connection_overrides import IN_A_CALL, RETRIES
from ivr.telephony.scripted_call import document
from ivr.telephony.signature import Signature
from ivr.tokens import CallStateTokens, RecordingLinks, SecretProof, SmsIdTokens
from ivr.web.call_hooks import NO_HOOKS, CallHooks
from ivr.web.call_log import CallLog
from ivr.web.call_status import CallStatus
from ivr.web.canary import CanaryAdviser, CanaryLog
from ivr.web.documents import Documents
from ivr.web.effects import EffectHandler
from ivr.web.ended_calls import EndedCalls
from ivr.web.health import Readiness, live, signed
from ivr.web.metrics import Metrics
from ivr.web.recordings import Recordings
from ivr.web.refusals import Refusals, UnknownAddress
from ivr.web.signature_check import OF_CALL, OF_TEXT, Form, FormBounds, Handler, SignatureCheck
from ivr.web.sms import Sms
from ivr.web.staff_cache import StaffCache
from ivr.web.voice import PATIENCE, Voice, VoiceContent
from ivr.wiring import build_inbox_limits, build_quotas, build_staff_alerts, build_store

SHUTDOWN_TIMEOUT = 7.0
"""Seconds to write the call events that are left, and to finish with texts that were begun, when told to stop."""

Background = Callable[[asyncio.Event], Awaitable[None]]
"""Something that runs in the background until it is told to stop, such as a worker."""


def build(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    background: Background | None = None,
    content: ContentSource | None = None,
    phone: Starlette | None = None,
    console: Starlette | None = None,
    patience: float = 1.0,
    hooks: CallHooks = NO_HOOKS,
) -> Starlette:
    """Return the application, ready to be served; without a `content` source, it is read from its folder once.

    `patience` is for the database, in seconds; `hooks` are for simulated calls. `phone` is the telephone in the
    browser, with the adviser's desk beside it, and `console` the staff pages: in production there are none, whatever
    is handed in.
    """
    content = content or ContentSource(settings.content, load(settings.content))
    phone, console = (phone, console) if settings.dev else (None, None)
    now = clock or settings.clock
    store = build_store(settings, patience)
    call_log = CallLog(store, now)
    advisers, alerts = of_setting(settings.advisers), build_staff_alerts(content, settings)
    links = RecordingLinks(settings.public_url, settings.secrets)
    destinations = TextDestinations(settings.text_prefixes, settings.text_islands)
    texted = destinations if settings.can_text else TextDestinations(())
    effects = EffectHandler(
        *(store, build_quotas(settings), texted, now, advisers, alerts, links if settings.can_fetch else None),
        canary=settings.canary_number,
    )
    canary = CanaryLog(store, settings.canary_number, now)
    staff_cache = StaffCache(store, advisers, now)
    voice_content = content.prepared(partial(_voice_content, settings, now, staff_cache, hooks))
    voice = Voice(voice_content, effects, call_log, PATIENCE * patience, hooks, canary)
    recordings = Recordings(store, links, now, alerts)
    answer = content.prepared(lambda helpline: helpline.flows.words.phrase("helpline.sms_answer"))
    inbox, words = build_inbox_limits(settings), content.prepared(lambda helpline: ShiftWords(helpline.flows.words))
    ids = SmsIdTokens(settings.secrets)
    sms = Sms(store, ids, now, answer, destinations, inbox, words, settings.canary_number)
    signature = None if settings.dev else Signature(settings.public_url, settings.auth_token)
    adviser = CanaryAdviser(lambda: document(accepting(content.current.flows, now())).encode())
    readiness = Readiness(readiness_checks(settings, store, content, staff_cache, now), now)

    ended = EndedCalls(store, lambda: content.current.flows.words.language.tag)
    refusals = Refusals(settings.public_url, signature)

    def webhook(path: str, handler: Handler, bounds: FormBounds = OF_CALL, fragment: str = "") -> Route:
        return Route(path, SignatureCheck(signature, handler, refusals, bounds, fragment, webhook_name(path)))

    def news(path: str, handler: Handler, bounds: FormBounds = OF_CALL) -> Route:
        """Route a webhook that drives no call: what it brings is sent again until we have stored it."""
        return webhook(path, handler, bounds, RETRIES)

    app = Starlette(
        routes=[
            webhook("/voice/{flow}/{step}", voice.answer),  # first, as nearly all that comes in is a key press
            webhook("/voice", voice.answer, fragment=IN_A_CALL),
            news("/voice/status", CallStatus(store, now, alerts, ended, canary).answer),
            webhook("/voice/canary", adviser.answer, fragment=IN_A_CALL),
            news("/voice/recording", recordings.status),
            news("/sms", sms.incoming, OF_TEXT),
            news("/sms/status", sms.status),
            Route("/recordings/{token}", recordings.audio),
            webhook("/health/signed", signed(SecretProof(settings.secrets))),
            Route("/health/live", live),
            Route("/health/ready", readiness.answer),
            Route("/metrics", Metrics(store, now, settings.metrics_from).answer),
            *([Route("/phone", _add_slash), Mount("/phone", phone), Mount("/desk", phone.state.desk)] if phone else ()),
            *(console.routes if console else ()),
        ],
        lifespan=_lifespan(
            store,
            staff_cache,
            readiness,
            call_log,
            ended,
            canary,
            now,
            build_stand_in(settings, store),
            background,
            [one for one in (phone, console) if one],
        ),
    )
    app.router.default = UnknownAddress(refusals)
    app.router.redirect_slashes = False  # it would send people to whatever address their request claims to be for
    app.state.staff_cache, app.state.canary_log = staff_cache, canary
    return app


def webhook_name(path: str) -> str:
    """Return the name of a webhook in metrics and traces: that of its route, without what belongs to one call.

    >>> webhook_name("/voice/{flow}/{step}"), webhook_name("/sms/status")
    ('voice', 'sms_status')
    """
    return "_".join(part for part in path.split("/") if part and "{" not in part)


async def _add_slash(request: Request) -> Response:
    """Redirect to the same page, under which its own addresses are."""
    return RedirectResponse(f"{request.url.path}/?{request.url.query}")


def _voice_content(
    settings: Settings, now: Callable[[], datetime], staff_cache: StaffCache, hooks: CallHooks, helpline: Helpline
) -> VoiceContent:
    """Prepare a version of the content for calls."""
    environment_at = environment_of(settings, helpline, staff_cache)

    def environment(form: Form) -> HelplineEnvironment:
        return environment_at(now(), form.get("From", ""))

    tokens = CallStateTokens(*settings.secrets, clock=now)
    documents = Documents(helpline.flows, renderer_of(helpline, settings), tokens, hooks)
    fallback = render(helpline, settings, now(), hooks.rendered)
    return VoiceContent(helpline.version, helpline.flows, documents, environment, fallback)


def _lifespan(
    store: Store,
    staff_cache: StaffCache,
    readiness: Readiness,
    call_log: CallLog,
    ended: EndedCalls,
    canary: CanaryLog,
    now: Callable[[], datetime],
    stand_in: StandIn | None,
    background: Background | None,
    beside: Sequence[Starlette],
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Read the rota before the first call, and refresh it; write call events meanwhile, and all before the end."""
        stop = asyncio.Event()
        await staff_cache.refresh()
        recording = secrets_in_use.keep_recorded(store, secrets_in_use.WEB, now, stop)
        writing = asyncio.create_task(call_log.write())
        meanwhile = [
            staff_cache.keep_fresh(stop),
            readiness.watch(stop),
            recording,
            ended.watch(stop, asyncio.shield(writing)),
            canary.watch(stop),
        ]
        if stand_in:
            meanwhile.append(stand_in.watch(stop))
        tasks = [writing, *(asyncio.create_task(one) for one in meanwhile)]
        if background:
            tasks.append(asyncio.create_task(_run(background, stop)))
        try:
            async with AsyncExitStack() as stack:
                for one in beside:
                    await stack.enter_async_context(one.router.lifespan_context(one))
                yield
        finally:
            call_log.stop()
            stop.set()
            await asyncio.wait(tasks, timeout=SHUTDOWN_TIMEOUT)
            await store.close()

    return lifespan


async def _run(background: Background, stop: asyncio.Event) -> None:
    """Run it; if it ends with an error, that is logged, and calls go on."""
    try:
        await background(stop)
    except Exception as error:
        LOGGER.error("the worker inside ivr serve has ended: %s", reason(error, IvrError))
