"""Signs requests to the provider with whichever of the account's auth tokens it accepts."""

from collections.abc import Generator

import httpx2

UNAUTHORIZED = 401


class AccountAuth(httpx2.Auth):
    """HTTP basic authentication with one token, or with either of two, written with a comma.

    A request that is answered 401 was certainly not carried out, and is sent again with the other token; the one that
    was accepted is tried first from then on. https://www.twilio.com/docs/iam/api/authtoken
    """

    def __init__(self, account_sid: str, auth_token: str) -> None:
        self._ways = [httpx2.BasicAuth(account_sid, one) for one in auth_token.split(",")]

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Yield the request with one token after the other until one is accepted."""
        for way in tuple(self._ways):
            response = yield next(way.auth_flow(request))
            if response.status_code != UNAUTHORIZED:
                self._ways.sort(key=lambda one: one is not way)
                return
