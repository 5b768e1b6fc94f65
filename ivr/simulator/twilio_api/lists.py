"""Pages of the lists that the fake REST API returns.

See https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000


def page(request: Request, name: str, found: Sequence[dict[str, Any]]) -> Response:
    """Return the page that a request asks for of a list of resources, as the API shows them."""
    size, number = _asked_for(request)
    first, shown = number * size, found[number * size : (number + 1) * size]
    return JSONResponse(
        {
            name: shown,
            "page": number,
            "page_size": size,
            "start": first,
            "end": max(first + len(shown) - 1, first),
            "uri": _address(request, number),
            "first_page_uri": _address(request, 0),
            "previous_page_uri": _address(request, number - 1) if number else None,
            "next_page_uri": _address(request, number + 1) if len(found) > first + size else None,
        }
    )


def meta_page(request: Request, name: str, found: Sequence[dict[str, Any]]) -> Response:
    """Return a page as the APIs of the newer products do, with the addresses of other pages in `meta`."""
    size, number = _asked_for(request)
    base = str(request.base_url).rstrip("/")
    meta = {
        "key": name,
        "page": number,
        "page_size": size,
        "url": base + _address(request, number),
        "first_page_url": base + _address(request, 0),
        "previous_page_url": base + _address(request, number - 1) if number else None,
        "next_page_url": base + _address(request, number + 1) if len(found) > (number + 1) * size else None,
    }
    return JSONResponse({name: found[number * size : (number + 1) * size], "meta": meta})


def _asked_for(request: Request) -> tuple[int, int]:
    query = request.query_params
    return min(int(query.get("PageSize", PAGE_SIZE)), MAX_PAGE_SIZE), int(query.get("Page", 0))


def _address(request: Request, number: int) -> str:
    return f"{request.url.path}?{urlencode(dict(request.query_params) | {'Page': number})}"
