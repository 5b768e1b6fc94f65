"""The addresses of the adviser's desk: the staff pages of one session's helpline, beside its telephone.

A session's are at `/desk/SESSION/ROLE/…`, where SESSION is its name, which nobody can guess. So two sessions in two
tabs never mix, and the staff pages at `/console` stay those of the development database.
"""

from hashlib import sha256
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from ivr.simulator.browser.journal import DESK
from ivr.simulator.browser.journaled_actions import note
from ivr.simulator.browser.localhost_only import LocalhostOnly
from ivr.simulator.browser.request_fields import RequestFields
from ivr.simulator.browser.sessions import SessionGone, Sessions

GONE = Path(__file__).parent / "static/desk_gone.html"


def desk_pages(sessions: Sessions) -> Starlette:
    """Return what answers below `/desk`: the staff pages of each session, for this machine only."""

    async def answer(request: Request) -> Response:
        try:
            session = await sessions.find(request.path_params["session"])
        except SessionGone:
            return FileResponse(GONE, 404)
        if request.method != "POST":
            return await session.desk.answer(request)
        change = await session.desk.change_in(request)
        response = await session.desk.answer(request)
        if response.status_code < 400:
            async with session.lock:
                note(session, DESK, RequestFields(change))
        return response

    async def waiting(request: Request) -> Response:
        """Tell what waits at the desk, or that nothing has changed since the page asked last (RFC 9110, 13.1.2)."""
        try:
            session = await sessions.find(request.path_params["session"])
        except SessionGone as error:
            return JSONResponse({"error": str(error)}, 404)
        told = JSONResponse({"changes": session.desk.changes, "waiting": await session.desk.waiting()})
        tag = f'"{sha256(bytes(told.body)).hexdigest()[:16]}"'
        told.headers["ETag"] = tag
        is_known = request.headers.get("if-none-match") == tag
        return Response(status_code=304, headers={"ETag": tag}) if is_known else told

    return Starlette(
        routes=[
            Route("/{session}/waiting", waiting),
            Route("/{session}/{role}/{path:path}", answer, methods=["GET", "HEAD", "POST"]),
        ],
        middleware=[Middleware(LocalhostOnly, headers=())],
    )
