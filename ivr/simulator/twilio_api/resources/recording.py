"""The Recording resource (https://www.twilio.com/docs/voice/api/recording)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from io import BytesIO
from typing import Any
from wave import open as open_wave

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid

API_URL = "https://api.twilio.com"
SAMPLE_RATE = 8000
"""Samples per second, one byte each."""
NO_SPEECH = "16102"
"""The error code of a recording that is absent because nothing was said."""


def shortened(audio: bytes, seconds: float) -> bytes:
    """Return a WAV file without what comes after so many seconds."""
    file = BytesIO()
    with open_wave(BytesIO(audio), "rb") as whole, open_wave(file, "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(round(seconds * whole.getframerate())))
    return file.getvalue()


@dataclass
class RecordingResource:
    """What was said in a call: `processing`, then `completed`, or `absent` when nothing was said."""

    account_sid: str
    call_sid: str
    words: str
    seconds: float
    start_time: datetime
    audio: bytes = field(default=b"", repr=False)
    status: str = "processing"
    source: str = "RecordVerb"
    channels: int = 1
    sid: str = field(default_factory=lambda: new_sid("RE"))

    @property
    def url(self) -> str:
        """The `RecordingUrl`, which has no file extension."""
        return f"{API_URL}/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    def wav(self) -> bytes:
        """Return the audio, as WAV of the right length.

        Where nobody has spoken the words it is noise; its samples contain the words, so that tests can tell.
        """
        if self.audio:
            return self.audio
        samples = round(self.seconds) * SAMPLE_RATE
        words = f"{self.sid} {self.words} ".encode()
        file = BytesIO()
        with open_wave(file, "wb") as audio:
            audio.setnchannels(1)
            audio.setsampwidth(1)
            audio.setframerate(SAMPLE_RATE)
            audio.writeframes((words * (samples // len(words) + 1))[:samples])
        return file.getvalue()

    def mp3(self) -> bytes:
        """Return bytes that begin like an MP3 file and contain the words."""
        return b"ID3" + f"{self.sid} {self.words}".encode()

    def action_form(self) -> dict[str, str]:
        """Return the fields for the `action` of `<Record>`.

        See https://www.twilio.com/docs/voice/twiml/record#attributes-action.
        """
        return {"RecordingSid": self.sid, "RecordingUrl": self.url, "RecordingDuration": str(round(self.seconds))}

    def status_callback_form(self) -> dict[str, str]:
        """Return the fields of a `recordingStatusCallback`, without those of the call and without the status."""
        form = self.action_form() | {
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingStartTime": format_datetime(self.start_time),
            "RecordingTrack": "inbound",
        }
        return form if self.words else form | {"ErrorCode": NO_SPEECH}

    def as_json(self) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "call_sid": self.call_sid,
            "channels": self.channels,
            "date_created": format_datetime(self.start_time),
            "duration": str(round(self.seconds)) if self.status == "completed" else "-1",
            "error_code": int(NO_SPEECH) if self.status == "absent" else None,
            "media_url": self.url,
            "sid": self.sid,
            "source": self.source,
            "start_time": format_datetime(self.start_time),
            "status": self.status,
            "uri": f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}.json",
        }
