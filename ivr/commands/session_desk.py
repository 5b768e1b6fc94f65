"""The adviser's desk of one session of the browser telephone: the staff pages on the session's own database and clock.

Nobody signs in: whoever looks is somebody made up, an adviser or a manager by the address.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from httpx2 import ASGITransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from ivr.commands.console_services import speak
from ivr.commands.desk_items import with_ids, with_places
from ivr.commands.emergency_check import check_message
from ivr.commands.in_process_worker import PATIENCE
from ivr.commands.path_prefix import answer_below, inner_scope, received
from ivr.config import Settings
from ivr.console.app import build
from ivr.console.dev_entry import NAMES, begin_session
from ivr.console.origin_check import SAFE_METHODS
from ivr.console.ringing import Ringing
from ivr.console.security_headers import POLICY
from ivr.console.services import Services, Simulation
from ivr.console.sessions import DEV_COOKIE
from ivr.content_source import ContentSource
from ivr.helpline.rota import of_setting
from ivr.simulator.browser.helpline_source import CatchUp
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.scenarios.environment import Environment
from ivr.simulator.twilio_api.routes import rest_api
from ivr.staff.accounts import Role
from ivr.staff.adviser_line import AdviserLine
from ivr.store import sms_outbox, staff_sessions, waiting_list
from ivr.store.sms_states import SmsState
from ivr.wiring import build_store, build_texting, open_adviser_line

ROLES = {role.value: role for role in (Role.adviser, Role.manager)}
TODAY = "/console"
BESIDE = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""The policy of the pages in a frame of the telephone's page; nowhere else may they be framed."""
FORM_HEADERS = (b"sec-fetch-site", b"same-origin"), (b"content-type", b"application/x-www-form-urlencoded")
NAMED_BY = 4
"""How many characters of the name of a session tell it from others, to people; the rest stays a secret."""
RINGING_SECONDS = 2.0
"""How long an answer waits for a call to be placed; callers who wait for an adviser go before."""


class SessionDesk:
    """The staff pages, as an adviser and as a manager; `catch_up` is called after each change."""

    def __init__(self, settings: Settings, content: ContentSource, environment: Environment, catch_up: CatchUp) -> None:
        self._settings = settings.model_copy(update={"calls_per_second": 1000.0})  # the clock may stand still
        self._content, self._environment, self._catch_up = content, environment, catch_up
        self._store = build_store(settings, PATIENCE)
        self._ringing = Ringing(self._adviser_line, lambda kind: content.current.flows.step_of_kind(kind))
        self._pages: dict[tuple[str, Role], Starlette] = {}
        self._tokens: dict[Role, str] = {}
        self.changes = 0

    async def answer(self, request: Request) -> Response:
        """Answer a request for `/desk/{session}/{role}/{path}`; what it changes has taken effect by then."""
        role, session = ROLES.get(request.path_params["role"]), request.path_params["session"]
        if role is None:
            return PlainTextResponse("There is no such desk.", 404)
        scope = inner_scope(request.scope, f"/{request.path_params['path']}", await self._headers(request, role))
        return await self._answer(session, role, scope, await request.body())

    async def change_in(self, request: Request) -> Mapping[str, object]:
        """Return what a form asks for, with the place of the item among those of its kind: its id is never twice so."""
        path = await with_places(self._store, f"/{request.path_params['path']}")
        form = (await request.body()).decode(errors="replace")
        return {"role": request.path_params["role"], "path": path, "form": form}

    async def repeat(self, change: Mapping[str, object]) -> None:
        """Do once more what staff have done. Raises ActionRefused if that cannot be."""
        role, path = ROLES[str(change["role"])], await with_ids(self._store, str(change["path"]))
        headers = [*FORM_HEADERS, await self._cookie(role)]
        scope = inner_scope({"type": "http", "method": "POST", "query_string": b""}, path, headers)
        answer = await self._answer("", role, scope, str(change["form"]).encode())
        if answer.status_code >= 400:
            raise ActionRefused("What was done at the desk cannot be done again.")

    async def _answer(self, session: str, role: Role, scope: Scope, body: bytes) -> Response:
        if (session, role) not in self._pages:
            self._pages[session, role] = build(self._services(session, role))
        answer = await answer_below(_address(session, role), TODAY, self._pages[session, role], scope, received(body))
        if scope["method"] not in SAFE_METHODS:
            await self._take_effect()
        del answer.headers["set-cookie"]
        answer.headers["Content-Security-Policy"] = BESIDE
        return answer

    async def waiting(self) -> Mapping[str, int]:
        """Return how many of each kind wait for staff, and how many texts could not be sent."""
        async with self._store.read() as db:
            waiting = {kind.value: count for kind, count in (await waiting_list.counts(db)).items()}
            return waiting | {"unsent": (await sms_outbox.counts(db))[SmsState.failed]}

    async def close(self) -> None:
        """Wait for the calls that are being placed, and close the database."""
        await self._ringing.finish()
        await self._store.close()

    async def _headers(self, request: Request, role: Role) -> list[tuple[bytes, bytes]]:
        """Return the headers of a request, as if whoever looks had signed in."""
        others = [(name, value) for name, value in request.headers.raw if name != b"cookie"]
        return [*others, await self._cookie(role)]

    async def _cookie(self, role: Role) -> tuple[bytes, bytes]:
        return b"cookie", f"{DEV_COOKIE}={await self._token(role)}".encode()

    async def _token(self, role: Role) -> str:
        """Return the token of a staff session, which ends when nobody looks for long, or the clock is moved on."""
        token, cipher = self._tokens.get(role, ""), self._store.cipher
        async with self._store.read() as db:
            is_signed_in = token and await staff_sessions.find(db, cipher, token, self._clock())
        if not is_signed_in:
            self._tokens[role] = token = await begin_session(self._store, self._clock(), role)
        return token

    async def _take_effect(self) -> None:
        """Let what staff have done take effect; a call that is not placed soon rings when it is."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._ringing.finish()), RINGING_SECONDS)
        await self._change()

    async def _change(self) -> None:
        await self._catch_up()
        self.changes += 1

    @asynccontextmanager
    async def _adviser_line(self) -> AsyncIterator[AdviserLine]:
        transport = ASGITransport(rest_api(self._environment.twilio))
        async with open_adviser_line(self._settings, self._store, self._clock, transport) as line:
            yield line
        await self._change()

    def _clock(self) -> datetime:
        return self._environment.clock().astimezone(UTC)

    def _typed(self, recording: str) -> str:
        return next((one.words for one in self._environment.twilio.recorded if one.sid == recording), "")

    def _services(self, session: str, role: Role) -> Services:
        settings, content = self._settings, self._content
        advisers = of_setting(settings.advisers)
        others = {NAMES[other]: f"{_address(session, other)}{TODAY}" for other in ROLES.values() if other is not role}
        telephone = advisers[0].number if advisers else ""
        return Services(
            store=self._store,
            content=lambda: content.current,
            clock=self._clock,
            secrets=settings.secrets,
            advisers=advisers,
            unanswered=settings.unanswered_per_hour,
            number=settings.number,
            own_numbers=settings.own_numbers,
            speak=speak,
            texting=build_texting(settings),
            ringing=self._ringing,
            check_message=lambda text: asyncio.to_thread(check_message, text, content.folder, self._clock()),
            dev=True,
            simulation=Simulation(session[:NAMED_BY], telephone, self._typed, others),
        )


def _address(session: str, role: Role) -> str:
    return f"/desk/{session}/{role}"
