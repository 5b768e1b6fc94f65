"""Answers a browser that plays a recording: all of it, or the piece that it asks for."""

import re
from collections.abc import Mapping

from starlette.responses import Response

RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
WAV = "audio/wav"


def answer(sound: bytes, headers: Mapping[str, str]) -> Response:
    """Return a recording, or a piece of it (https://www.rfc-editor.org/rfc/rfc9110#name-range-requests)."""
    asked = RANGE.fullmatch(headers.get("range", ""))
    if asked is None or not (asked[1] or asked[2]):
        return Response(sound, 200, {"Accept-Ranges": "bytes"}, WAV)
    first, last = _piece(asked[1], asked[2], len(sound))
    if first >= len(sound) or last < first:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    told = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{len(sound)}"}
    return Response(sound[first : last + 1], 206, told, WAV)


def _piece(first: str, last: str, length: int) -> tuple[int, int]:
    """Return the first and the last byte that are asked for.

    >>> _piece("0", "", 100), _piece("10", "19", 100), _piece("", "5", 100), _piece("90", "500", 100)
    ((0, 99), (10, 19), (95, 99), (90, 99))
    """
    if not first:
        return max(length - int(last), 0), length - 1
    return int(first), min(int(last), length - 1) if last else length - 1
