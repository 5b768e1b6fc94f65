"""An app that serves TwiML documents, one per path."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.simulator.phone import Phone

TOKEN = "token"

Answer = str | Response | Callable[[dict[str, str]], str]
"""The inside of a <Response>, or what makes one from the fields of the webhook; or a sound."""


class TwimlApp:
    """Answers each path with its document, and remembers what was asked."""

    def __init__(self, answers: Mapping[str, Answer], public_url: str = "https://helpline.example") -> None:
        self.answers = dict(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._public_url = public_url
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])

    async def answer(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        path = request.url.path.removeprefix("/")
        query = f"?{request.url.query}" if request.url.query else ""
        if isinstance(sound := self.answers.get(path), Response):
            return sound
        signed = RequestValidator(TOKEN).compute_signature(f"{self._public_url}/{path}{query}", form)
        if request.headers.get("X-Twilio-Signature") != signed:
            return Response(status_code=403)
        self.asked.append((path + query, form))
        answer = self.answers[path]
        assert not isinstance(answer, Response)
        inside = answer if isinstance(answer, str) else answer(form)
        return Response(f"<Response>{inside}</Response>", media_type="application/xml")

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    @property
    def last_form(self) -> dict[str, str]:
        return self.asked[-1][1]


MakePhone = Callable[..., tuple[Phone, TwimlApp]]
