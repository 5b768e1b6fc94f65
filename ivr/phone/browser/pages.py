"""The addresses under /phone: the page, and what it asks of its trial."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ivr.errors import IvrError
from ivr.phone.browser.asked import read
from ivr.phone.browser.doings import DOINGS, listen
from ivr.phone.browser.door import Door
from ivr.phone.browser.house import House
from ivr.phone.browser.not_now import NotNow
from ivr.phone.browser.scripts import Scripts
from ivr.phone.browser.sounds import wav
from ivr.phone.browser.trial import Trial, blank, of_script
from ivr.phone.browser.trials import Trials
from ivr.phone.browser.view import view
from ivr.phone.browser.writer import blank_for, written

STATIC = Path(__file__).parent / "static"

Answer = Callable[[Request], Awaitable[Response]]


def telephone(house: House, scripts: Path | None) -> Starlette:
    """The telephone to try a helpline with, at whatever address it is mounted; `scripts` is the folder of calls."""
    pages = Pages(house, Scripts(scripts))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await pages.trials.close()

    return Starlette(
        routes=[
            Route("/", pages.page),
            Route("/about", told(pages.about)),
            Route("/trials", told(pages.begin), methods=["POST"]),
            Route("/trials/{name}", told(pages.stands)),
            Route("/trials/{name}/script", told(pages.script), methods=["POST"]),
            Route("/trials/{name}/sounds/{line:int}", told(pages.sound)),
            Route("/trials/{name}/{doing}", told(pages.does), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Door)],
        lifespan=lifespan,
    )


def told(answer: Answer) -> Answer:
    """What cannot be done is said in words."""

    async def answers(request: Request) -> Response:
        try:
            return await answer(request)
        except IvrError as error:
            return JSONResponse({"error": str(error)}, 400)

    return answers


class Pages:
    """Answers each address."""

    def __init__(self, house: House, scripts: Scripts) -> None:
        self._house, self._scripts = house, scripts
        self.trials = Trials()

    async def page(self, request: Request) -> Response:
        """The page itself."""
        return FileResponse(STATIC / "index.html")

    async def about(self, request: Request) -> Response:
        """What there is to choose from, and the map."""
        flows = {flow: [asdict(box) for box in boxes] for flow, boxes in self._house.flows().items()}
        return JSONResponse({"languages": self._house.languages(), "flows": flows, "scripts": self._scripts.all()})

    async def begin(self, request: Request) -> Response:
        """A new trial; with a script, as it is after that was replayed."""
        asked = await read(request)
        await self._house.look()
        if script := asked.text("script", ""):
            trial = of_script(self._house, self._scripts.path(script))
            await trial.replays()
        else:
            at = asked.moment("at", self._house.now())
            trial = Trial(self._house, blank(at, asked.text("caller", "mobile")), asked.text("language", "") or None)
        name = await self.trials.keeps(trial)
        return JSONResponse({"name": name, **view(trial)})

    async def stands(self, request: Request) -> Response:
        """How a trial stands."""
        return JSONResponse(view(self._trial(request)))

    async def does(self, request: Request) -> Response:
        """Something done in a trial, and how it stands afterwards."""
        trial, doing = self._trial(request), DOINGS.get(request.path_params["doing"])
        if doing is None:
            return JSONResponse({"error": "Nothing of that name can be done."}, 404)
        asked = await read(request)
        async with trial.lock:
            await trial.looks()
            for one in (listen, doing) if asked.has("until") and doing is not listen else (doing,):
                with trial.cuts.watching(trial.phone.company):
                    await one(trial, asked)
            return JSONResponse(view(trial))

    async def sound(self, request: Request) -> Response:
        """What is heard of a line."""
        trial, place = self._trial(request), request.path_params["line"]
        entries = trial.phone.company.entries
        sounds = entries[place].sounds if place < len(entries) else ()
        language = trial.language or next(iter(self._house.languages()), "en-GB")
        sound = await wav(language, sounds) if sounds else None
        return Response(sound, media_type="audio/wav") if sound else Response(status_code=404)

    async def script(self, request: Request) -> Response:
        """The call as a script; kept in the checkout if it is given a name."""
        trial, asked = self._trial(request), await read(request)
        if not trial.deeds:
            raise NotNow("There is no call to save: ring first.")
        async with trial.lock:
            text = await self._written(trial, asked.text("title", "") or "A call tried in the browser")
        otherwise = await self._replayed(text)
        name = asked.text("name", "")
        saved = self._scripts.saves(f"{name}.yaml", text) if name and not otherwise else ""
        return JSONResponse({"text": text, "saved": saved, "otherwise": otherwise})

    async def _written(self, trial: Trial, title: str) -> str:
        opened = self._house.opens(trial.language)
        script = blank_for(blank(trial.began_at, ""), trial.began_at, trial.phone.line.leg.caller)
        try:
            return await written(title, script, trial.deeds, opened.process, self._house.number)
        finally:
            await opened.close()

    async def _replayed(self, text: str) -> str:
        """What becomes of a script when it is replayed: nothing, if it goes as it is written."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "call.yaml"
            path.write_text(text, encoding="utf-8")
            trial = of_script(self._house, path)
            await trial.replays()
            await trial.close()
        return trial.went_otherwise.partition("\n")[0].replace(f"{path}:", "line ")

    def _trial(self, request: Request) -> Trial:
        trial = self.trials.get(request.path_params["name"])
        if trial is None:
            raise NotNow("This trial is over: begin a new one.")
        return trial
