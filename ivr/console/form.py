"""Reads the forms of our pages."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from ivr.errors import IvrError

LONGEST = 64 * 1024
"""Bytes; the longest thing that is written here is an answer or a note."""
MOST_FIELDS = 100

Form = Mapping[str, str]


class FormTooLong(IvrError):
    """A form is longer than any of ours."""


async def read_form(request: Request) -> Form:
    """Return the fields of a form, the last where one is repeated; raise FormTooLong."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise FormTooLong(f"That is longer than {LONGEST // 1024} kB: nothing was changed.")
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        if any("\0" in value for _, value in fields):  # PostgreSQL keeps none
            raise ValueError
    except ValueError:  # too many, or not UTF-8
        raise FormTooLong("That is not a form of ours: nothing was changed.") from None
    return {name: value.strip() for name, value in fields}
