"""The URLs under /phone: the page, and the requests it makes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec
from zlib import crc32

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ivr.errors import IvrError
from ivr.simulator.browser.actions import PAGE_ACTIONS
from ivr.simulator.browser.answers import Answers
from ivr.simulator.browser.beginning import Beginning
from ivr.simulator.browser.desk import desk_pages
from ivr.simulator.browser.entry_audio import audio_of
from ivr.simulator.browser.helpline_source import HelplineSource
from ivr.simulator.browser.journaled_actions import beginning_of, perform
from ivr.simulator.browser.journals import Journals
from ivr.simulator.browser.localhost_only import GUEST, LocalhostOnly
from ivr.simulator.browser.request_fields import ActionRefused, RequestFields, read_fields
from ivr.simulator.browser.restoring import restore_session
from ivr.simulator.browser.scenario_files import ScenarioFiles
from ivr.simulator.browser.scenario_writer import write_scenario
from ivr.simulator.browser.sentence_pages import SentencePages
from ivr.simulator.browser.session import STARTS, Session, blank_scenario, session_for_scenario
from ivr.simulator.browser.sessions import SessionGone, Sessions
from ivr.simulator.browser.tour import Tour
from ivr.simulator.browser.view import view
from ivr.simulator.scenarios.scenario import CALLERS

MAX_NUMBER = 10
"""Digits of the number of a request."""
STATIC = Path(__file__).parent / "static"

Given = ParamSpec("Given")


def telephone(source: HelplineSource, scenarios: Path | None, tour: Tour, journals: Path | None = None) -> Starlette:
    """Return the browser telephone as an application; `scenarios` is the folder of scenario files.

    In the folder `journals` it keeps what is done in each session, so that another process can take them over.
    What answers at `/desk` is in its `state.desk`.
    """
    pages = Pages(source, ScenarioFiles(scenarios), tour, Journals(journals))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await pages.sessions.close()

    app = Starlette(
        routes=[
            Route("/", pages.page),
            Route("/about", answers_refusals(pages.about)),
            Route("/news", pages.news),
            Route("/tour", answers_refusals(pages.tour_scripts)),
            Route("/tour/{name}", answers_refusals(pages.tour_call)),
            Route("/pictures/{name}", answers_refusals(pages.picture)),
            Route("/trials", answers_refusals(pages.begin), methods=["POST"]),
            Route("/trials/{name}", answers_refusals(pages.state)),
            Route("/trials/{name}/script", answers_refusals(pages.write), methods=["POST"]),
            Route("/trials/{name}/sounds/{line:int}", answers_refusals(pages.audio)),
            Route("/trials/{name}/entry", answers_refusals(pages.entry), methods=["POST"]),
            Route("/trials/{name}/requests", answers_refusals(pages.requests)),
            Route("/trials/{name}/{action}", answers_refusals(pages.act), methods=["POST"]),
            Route("/sentences/{action}", answers_refusals(SentencePages(source.sentences).answer), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(LocalhostOnly)],
        lifespan=lifespan,
    )
    app.state.desk = desk_pages(pages.sessions)
    return app


def answers_refusals(endpoint: Callable[Given, Awaitable[Response]]) -> Callable[Given, Awaitable[Response]]:
    """Return an endpoint that answers an error of ours with status 400 and its message; 410 if the session is gone."""

    async def wrapped(*args: Given.args, **kwargs: Given.kwargs) -> Response:
        try:
            return await endpoint(*args, **kwargs)
        except SessionGone as error:
            return JSONResponse({"error": str(error), "gone": True}, 410)
        except IvrError as error:
            return JSONResponse({"error": str(error)}, 400)

    return wrapped


class Pages:
    """The endpoints, and the sessions they work on."""

    def __init__(self, source: HelplineSource, files: ScenarioFiles, tour: Tour, journals: Journals) -> None:
        self._source, self._files, self._tour, self._journals = source, files, tour, journals
        self._beginning = Beginning(source, files, tour)
        self._begun = Answers()
        self.sessions = Sessions(partial(restore_session, self._beginning, journals))

    async def page(self, request: Request) -> Response:
        """Return the page of the telephone, which asks the other endpoints for all that it shows."""
        return FileResponse(STATIC / "index.html")

    async def about(self, request: Request) -> Response:
        """Return the languages, with their voices, the scenarios and the pictures to choose from."""
        languages = self._source.languages()
        told = {"languages": languages, "voices": {tag: self._source.voice(tag) for tag in languages}}
        return JSONResponse({**told, "pictures": self._source.pictures(), "scripts": self._files.titles()})

    async def tour_scripts(self, request: Request) -> Response:
        """Return the calls of the tour, with what to listen for; or why there are none."""
        await self._source.look()
        scripts = await self._tour.scripts()
        calls = [{"name": name, "title": one.title, "listen_for": one.listen_for} for name, one in scripts.items()]
        return JSONResponse({"calls": calls, "why_none": "" if calls else await self._tour.why_none()})

    async def tour_call(self, request: Request) -> Response:
        """Return what is done in a call of the tour, and what staff find after it."""
        call = await self._tour.call(request.path_params["name"])
        return JSONResponse({"actions": [asdict(one) for one in call.actions], "found": call.found})

    async def picture(self, request: Request) -> Response:
        """Return the picture of a flow, or of the whole helpline."""
        picture = await self._source.picture(request.path_params["name"])
        return Response(picture, media_type="image/svg+xml")

    async def entry(self, request: Request) -> Response:
        """Return what a call needs to begin at a step."""
        session, fields = await self._session(request), await read_fields(request)
        caller = CALLERS.get(fields.text("caller", "mobile"), "")
        today = session.clock().date()
        return JSONResponse(asdict(self._source.entry(fields.text("at"), fields.texts("given"), today, caller)))

    async def requests(self, request: Request) -> Response:
        """Return the requests of a session after the one with the number `since`, and whose calls they belong to."""
        session = await self._session(request)
        log, since = session.requests, request.query_params.get("since", "")
        found = log.since(int(since) if since.isdecimal() and len(since) < MAX_NUMBER else 0)
        return JSONResponse({"requests": [one.as_json() for one in found], "parties": log.parties})

    async def news(self, request: Request) -> Response:
        """Return what has come into use of the files, and what is wrong with them; 304 if that is known."""
        await self._source.look()
        response = JSONResponse(
            {
                "edition": self._source.edition,
                "in_use": list(self._source.in_use),
                "mistakes": [asdict(mistake) for mistake in self._source.mistakes],
            }
        )
        tag = f'"{crc32(bytes(response.body)):x}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        response.headers["ETag"] = tag
        return response

    async def begin(self, request: Request) -> Response:
        """Begin a session; with a scenario, replay that first."""
        fields = await read_fields(request)
        return await self._begun.once(fields.text("id", ""), partial(self._begin, fields))

    @answers_refusals
    async def _begin(self, fields: RequestFields) -> Response:
        await self._source.look()
        session = await self._beginning.session(fields)
        name = await self.sessions.add(session)
        session.journal = self._journals.create(name, [beginning_of(session, fields)])
        return JSONResponse({"name": name, **view(session)})

    async def state(self, request: Request) -> Response:
        """Return the state of a session."""
        session = await self._session(request)
        await session.look_at_hours()
        return JSONResponse(view(session))

    async def act(self, request: Request) -> Response:
        """Do something in a session, and return its state afterwards; only once under one id."""
        session, action = await self._session(request), request.path_params["action"]
        if action not in PAGE_ACTIONS:
            return JSONResponse({"error": f"Nothing called “{action}” can be done here."}, 404)
        fields = await read_fields(request)
        return await session.answers.once(fields.text("id", ""), partial(self._act, session, action, fields))

    @answers_refusals
    async def _act(self, session: Session, action: str, fields: RequestFields) -> Response:
        async with session.lock:
            await session.reload()
            await perform(session, action, fields)
            if session.hours_are_old or not session.is_calling:
                await session.look_at_hours()
            return JSONResponse(view(session))

    async def audio(self, request: Request) -> Response:
        """Return the audio of a transcript entry."""
        session, index = await self._session(request), request.path_params["line"]
        entries = session.phone.carrier.entries
        audio = await audio_of(session, entries[index]) if index < len(entries) else None
        return Response(audio, media_type="audio/wav") if audio else Response(status_code=404)

    async def write(self, request: Request) -> Response:
        """Return the call as a scenario; save it in the checkout if it is given a name."""
        session, fields = await self._session(request), await read_fields(request)
        if fields.text("name", "") and request.scope.get(GUEST):
            raise ActionRefused("Only on the machine that serves this telephone is a call kept as a file.")
        return await session.answers.once(fields.text("id", ""), partial(self._keep, session, fields))

    @answers_refusals
    async def _keep(self, session: Session, fields: RequestFields) -> Response:
        if not session.phone.recorded:
            raise ActionRefused("There is no call to save: ring first.")
        if session.phone.recorded[0].action == STARTS:
            raise ActionRefused("A script begins with a new call: ring, and go there by keys.")
        async with session.lock:
            text = await self._write(session, fields.text("title", "") or "A call tried in the browser")
        otherwise = await self._replay(text)
        name = fields.text("name", "")
        saved = self._files.save(f"{name}.yaml", text) if name and not otherwise else ""
        return JSONResponse({"text": text, "saved": saved, "otherwise": otherwise})

    async def _write(self, session: Session, title: str) -> str:
        helpline = self._source.opens(session.language)
        blank = blank_scenario(session.began_at.replace(microsecond=0), session.phone.line.leg.caller)
        try:
            return await write_scenario(title, blank, session.phone.recorded, helpline.process, self._source.number)
        finally:
            await helpline.close()

    async def _replay(self, text: str) -> str:
        """Return how a replayed scenario goes otherwise; nothing if it goes as written."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "call.yaml"
            path.write_text(text, encoding="utf-8")
            session = session_for_scenario(self._source, path)
            await session.replay()
            await session.close()
        return f"Line {session.failure.line}: expected {session.failure.expected}" if session.failure else ""

    async def _session(self, request: Request) -> Session:
        return await self.sessions.find(request.path_params["name"])
