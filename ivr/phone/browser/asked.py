"""What the page asks for, read with care: anything else that can reach this address is told what is wrong with it."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from ivr.phone.browser.not_now import NotNow

LONDON = ZoneInfo("Europe/London")
LARGEST = 20_000
"""Bytes that a page may send."""
LONGEST = 2_000
YEARS = range(2020, 2100)


class Asked:
    """The fields of one request; each method raises NotNow for what cannot be used."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self._fields

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Words."""
        value = self._fields.get(name, otherwise)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise NotNow(f"“{name}” must be words, {LONGEST} letters at most.")
        return value

    def one_of(self, name: str, known: str) -> str:
        """One letter or key of those that are known."""
        if len(value := self.text(name)) != 1 or value not in known:
            raise NotNow(f"“{name}” must be one of {known}.")
        return value

    def number(self, name: str) -> float:
        """A number of seconds that lies ahead."""
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise NotNow(f"“{name}” must be a number of seconds.")
        return float(value)

    def flag(self, name: str) -> bool:
        """Whether it is so."""
        return self._fields.get(name) is True

    def moment(self, name: str, otherwise: datetime) -> datetime:
        """A time on the clock on the wall in Devon."""
        value = self._fields.get(name)
        if value is None:
            return otherwise
        try:
            moment = datetime.fromisoformat(str(value)).replace(tzinfo=LONDON)
        except ValueError:
            raise NotNow("Write the time as 2026-11-23T10:00.") from None
        if moment.year not in YEARS:
            raise NotNow(f"The clock goes from {YEARS.start} to {YEARS.stop - 1}.")
        return moment


async def read(request: Request) -> Asked:
    """The fields of a request, which is JSON; raises NotNow for anything else."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise NotNow("Only JSON is read here.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise NotNow("That is too long.")
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        raise NotNow("That is no JSON.") from None
    if not isinstance(fields, dict):
        raise NotNow("Fields are expected.")
    return Asked(fields)
