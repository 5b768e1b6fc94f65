"""Where the telephone company keeps recordings: its REST API, as far as fetching and deleting them goes."""

from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID

PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings"
PASSWORD = f"Basic {b64encode(f'{ACCOUNT_SID}:token'.encode()).decode()}"
NOT_FOUND = {"code": 20404, "message": "The requested resource was not found", "status": 404}


@dataclass
class Archive:
    """One account's recordings, by name. `troubles` are statuses to be answered instead, one after the other."""

    sounds: dict[str, bytes] = field(default_factory=dict)
    troubles: list[int] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    elsewhere: str = ""
    """An address at which the sounds are really kept, which is then told in place of them."""
    told: list[str] = field(default_factory=list)
    """The passwords that came with requests for a sound."""

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[
                Route(f"{PATH}/{{sid}}.wav", self._play),
                Route(f"{PATH}/{{sid}}.json", self._delete, methods=["DELETE"]),
                Route("/kept/{sid}", self._kept),
            ]
        )

    async def _play(self, request: Request) -> Response:
        self.asked[f"GET {request.path_params['sid']}"] += 1
        if request.headers.get("authorization") != PASSWORD:
            return JSONResponse({"code": 20003, "status": 401}, 401)
        if self.troubles:
            return Response("trouble", self.troubles.pop(0))
        if self.elsewhere:
            return RedirectResponse(f"{self.elsewhere}/kept/{request.path_params['sid']}")
        return self._sound(request.path_params["sid"])

    async def _kept(self, request: Request) -> Response:
        self.told.append(request.headers.get("authorization", ""))
        return self._sound(request.path_params["sid"])

    def _sound(self, sid: str) -> Response:
        sound = self.sounds.get(sid)
        return JSONResponse(NOT_FOUND, 404) if sound is None else Response(sound, media_type="audio/x-wav")

    async def _delete(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        self.asked[f"DELETE {sid}"] += 1
        return Response(status_code=204) if self.sounds.pop(sid, None) else JSONResponse(NOT_FOUND, 404)
