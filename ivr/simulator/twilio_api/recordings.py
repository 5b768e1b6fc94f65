"""Requests to the Recording resource: fetch it, and its audio once it is completed."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import page
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twilio_api.responses import not_found


async def list_page(account: TwilioAccount, request: Request) -> Response:
    """Return a page of recordings, the newest first: all, or those of one call, or of some days."""
    query = request.query_params
    found = [one for one in reversed(account.recordings) if _matches(one, query)]
    return page(request, "recordings", [one.as_json() for one in found])


async def fetch(account: TwilioAccount, request: Request) -> Response:
    """Return one recording."""
    recording = _find(account, request)
    return JSONResponse(recording.as_json()) if recording else not_found()


async def fetch_audio(account: TwilioAccount, request: Request) -> Response:
    """Return the audio of a completed recording, as WAV or MP3 by the extension of the URL."""
    recording = _find(account, request)
    if recording is None or recording.status != "completed":
        return not_found()
    if request.url.path.endswith(".mp3"):
        return Response(recording.mp3(), media_type="audio/mpeg")
    return Response(recording.wav(), media_type="audio/x-wav")


def _matches(recording: RecordingResource, query: Mapping[str, str]) -> bool:
    """Return whether a recording passes the filters. `DateCreated>` includes the day itself."""
    day = recording.start_time.date().isoformat()
    return query.get("CallSid") in (None, recording.call_sid) and all(
        (
            query.get("DateCreated") in (None, day),
            day >= query.get("DateCreated>", day),
            day <= query.get("DateCreated<", day),
        )
    )


def _find(account: TwilioAccount, request: Request) -> RecordingResource | None:
    sid = request.path_params["sid"]
    return next((one for one in account.recordings if one.sid == sid), None)
