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
    query = request.query_params
    size, number = min(int(query.get("PageSize", PAGE_SIZE)), MAX_PAGE_SIZE), int(query.get("Page", 0))
    following = urlencode(dict(query) | {"Page": number + 1})
    return JSONResponse(
        {
            name: found[number * size : (number + 1) * size],
            "page": number,
            "page_size": size,
            "next_page_uri": f"{request.url.path}?{following}" if len(found) > (number + 1) * size else None,
        }
    )
