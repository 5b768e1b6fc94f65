"""The desk of the office where recordings are fetched."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.phone.office_answers import error
from ivr.phone.office_recording import Recording

if TYPE_CHECKING:
    from ivr.phone.office import Office


class Recordings:
    """Tells of recordings, and hands them over once they can be had."""

    def __init__(self, office: "Office") -> None:
        self._office = office

    def routes(self, account: str) -> list[Route]:
        """Where it is asked."""
        one = f"{account}/Recordings/{{sid}}"
        return [
            Route(f"{one}.json", self._tell, methods=["GET"]),
            Route(f"{one}.wav", self._wav, methods=["GET"]),
            Route(f"{one}.mp3", self._mp3, methods=["GET"]),
        ]

    async def _tell(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        recording = self._find(request)
        return JSONResponse(recording.as_json()) if recording else error(404, 20404)

    async def _wav(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        recording = self._ready(request)
        return Response(recording.wav(), media_type="audio/x-wav") if recording else error(404, 20404)

    async def _mp3(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        recording = self._ready(request)
        return Response(recording.mp3(), media_type="audio/mpeg") if recording else error(404, 20404)

    def _find(self, request: Request) -> Recording | None:
        sid = request.path_params["sid"]
        return next((one for one in self._office.recordings if one.sid == sid), None)

    def _ready(self, request: Request) -> Recording | None:
        """A recording that is not processed yet has nothing to be heard."""
        recording = self._find(request)
        return recording if recording and recording.status == "completed" else None
