"""Requests to the Recording resource: fetch it, and its audio once it is completed."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twilio_api.responses import not_found


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


def _find(account: TwilioAccount, request: Request) -> RecordingResource | None:
    sid = request.path_params["sid"]
    return next((one for one in account.recordings if one.sid == sid), None)
