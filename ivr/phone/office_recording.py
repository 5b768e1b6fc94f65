"""A recording as the telephone company's office keeps it (https://www.twilio.com/docs/voice/api/recording)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from io import BytesIO
from secrets import token_hex
from typing import Any
from wave import open as open_wave

from ivr.phone.office_message import VERSION

ADDRESS = "https://api.twilio.com"
RATE = 8000
"""Samples a second, one byte each."""
SILENT = "16102"
"""Why there is no recording: nothing was said."""


@dataclass
class Recording:
    """What was said in a call; `processing` until it can be had, `absent` if nothing was said."""

    account: str
    call: str
    words: str
    seconds: float
    begun: datetime
    status: str = "processing"
    sid: str = field(default_factory=lambda: f"RE{token_hex(16)}")

    @property
    def url(self) -> str:
        """Its address without an ending, as Twilio tells it."""
        return f"{ADDRESS}/{VERSION}/Accounts/{self.account}/Recordings/{self.sid}"

    def wav(self) -> bytes:
        """A sound as long as what was said. Nobody can hear it, but the words stand in it to be known by."""
        samples = round(self.seconds) * RATE
        words = f"{self.sid} {self.words} ".encode()
        file = BytesIO()
        with open_wave(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(RATE)
            sound.writeframes((words * (samples // len(words) + 1))[:samples])
        return file.getvalue()

    def mp3(self) -> bytes:
        """The same for who wants it small."""
        return b"ID3" + f"{self.sid} {self.words}".encode()

    def form(self) -> dict[str, str]:
        """What the action of <Record> is told (https://www.twilio.com/docs/voice/twiml/record#attributes-action)."""
        return {"RecordingSid": self.sid, "RecordingUrl": self.url, "RecordingDuration": str(round(self.seconds))}

    def news(self) -> dict[str, str]:
        """What recordingStatusCallback is told besides the call and the status."""
        form = self.form() | {
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingStartTime": format_datetime(self.begun),
            "RecordingTrack": "inbound",
        }
        return form if self.words else form | {"ErrorCode": SILENT}

    def as_json(self) -> dict[str, Any]:
        """What the office tells of it."""
        done = self.status == "completed"
        return {
            "account_sid": self.account,
            "api_version": VERSION,
            "call_sid": self.call,
            "channels": 1,
            "date_created": format_datetime(self.begun),
            "duration": str(round(self.seconds)) if done else "-1",
            "error_code": int(SILENT) if self.status == "absent" else None,
            "media_url": self.url,
            "sid": self.sid,
            "source": "RecordVerb",
            "start_time": format_datetime(self.begun),
            "status": self.status,
            "uri": f"/{VERSION}/Accounts/{self.account}/Recordings/{self.sid}.json",
        }
