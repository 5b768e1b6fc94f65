"""The fields of a request from the page, validated."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from ivr.errors import IvrError

LONDON = ZoneInfo("Europe/London")
MAX_BODY_BYTES = 20_000
MAX_TEXT = 2_000
MAX_TEXTS = 30
MAX_NAMES = 10
MAX_INDEX = 1_000_000
YEARS = range(2020, 2100)


class ActionRefused(IvrError):
    """Something that cannot be done in a session as it stands; the page shows the message."""


class RequestFields:
    """The fields of one request. Each method raises ActionRefused for a value that cannot be used."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    @property
    def given(self) -> Mapping[str, object]:
        """All fields, as they came."""
        return self._fields

    def has(self, name: str) -> bool:
        """Return whether there is a field of that name."""
        return name in self._fields

    def text(self, name: str, default: str | None = None) -> str:
        """Return the words of a field. Raises ActionRefused for what is no text, or a longer one than MAX_TEXT."""
        value = self._fields.get(name, default)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise ActionRefused(f"“{name}” must be words, {MAX_TEXT} letters at most.")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of names, of which there are a few."""
        value = self._fields.get(name)
        names = tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
        if not isinstance(value, list) or not 0 < len(names) == len(value) <= MAX_NAMES:
            raise ActionRefused(f"“{name}” must be a list of names.")
        return names

    def one_of(self, name: str, known: str) -> str:
        """Return one of the known characters."""
        if len(value := self.text(name)) != 1 or value not in known:
            raise ActionRefused(f"“{name}” must be one of {known}.")
        return value

    def seconds(self, name: str) -> float:
        """Return a number of seconds, which is not negative."""
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise ActionRefused(f"“{name}” must be a number of seconds.")
        return float(value)

    def texts(self, name: str) -> Mapping[str, str]:
        """Return texts by name, none if the field is missing."""
        value = self._fields.get(name, {})
        if not isinstance(value, dict) or len(value) > MAX_TEXTS:
            raise ActionRefused(f"“{name}” must be fields, {MAX_TEXTS} at most.")
        return {one: RequestFields(value).text(one) for one in value}

    def index(self, name: str) -> int:
        """Return the number of something in a list."""
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_INDEX:
            raise ActionRefused(f"“{name}” must be a number.")
        return value

    def flag(self, name: str) -> bool:
        """Return whether the value is true."""
        return self._fields.get(name) is True

    def london_time(self, name: str, default: datetime) -> datetime:
        """Return a time in London."""
        value = self._fields.get(name)
        if value is None:
            return default
        try:
            time = datetime.fromisoformat(str(value)).replace(tzinfo=LONDON)
        except ValueError:
            raise ActionRefused("Write the time as 2026-11-23T10:00.") from None
        if time.year not in YEARS:
            raise ActionRefused(f"The clock goes from {YEARS.start} to {YEARS.stop - 1}.")
        return time


async def read_fields(request: Request) -> RequestFields:
    """Return the fields of a JSON request. Raises ActionRefused for any other."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise ActionRefused("Only JSON is read here.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise ActionRefused("That is too long.")
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        raise ActionRefused("That is no JSON.") from None
    if not isinstance(fields, dict):
        raise ActionRefused("Fields are expected.")
    return RequestFields(fields)
