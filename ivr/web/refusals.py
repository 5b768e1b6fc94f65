"""Webhooks that are refused: counted, and told to the operator with what is probably wrong, once a minute at most."""

import logging
from collections.abc import Callable
from enum import StrEnum
from time import monotonic

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from ivr.telephony.refusal_cause import Refused, cause_of_address, cause_of_method, cause_of_signature, shown
from ivr.telephony.signature import HEADER, WELL_FORMED, Signature
from ivr.web import metrics

log = logging.getLogger(__name__)

PAUSE = 60.0
"""Seconds between two lines of the same reason."""
TRIED = b"/health/signed"
"""Where `ivr doctor` sees that what nobody signed is refused: no caller ever comes there."""
OUR_WORDS = frozenset({"voice", "sms"})
"""What an address has that is meant for us, unlike those that are tried on every machine of the internet."""


class Reason(StrEnum):
    """Why a webhook is refused."""

    signature = "signature"
    method = "method"
    address = "address"
    body = "body"


for _reason in Reason:
    metrics.refused.labels(_reason)  # shown as none, not left out

RESPONSES = {
    Reason.signature: (403, "not signed by the provider"),
    Reason.method: (405, "webhooks are posted"),
    Reason.address: (404, "there is nothing here"),
    Reason.body: (413, "too long"),
}
"""The status and words of a refusal; to any of them Twilio asks the fallback address of the number."""


class Refusals:
    """Counts and logs refusals; `signature` is None in development only."""

    def __init__(self, public_url: str, signature: Signature | None, clock: Callable[[], float] = monotonic) -> None:
        self._public_url, self._signature, self._clock = public_url, signature, clock
        self._logged: dict[tuple[Reason, bool], float] = {}
        self._since: dict[tuple[Reason, bool], int] = {}

    def refuse(
        self, reason: Reason, scope: Scope, given: bytes, form: list[tuple[str, str]] | None = None
    ) -> PlainTextResponse:
        """Return the refusal, counted and perhaps logged, unless it was only tried. `given` is the signature.

        The line is closed after it: what else comes on it is not read.
        """
        if not _is_tried(reason, scope, given):
            metrics.refused.labels(reason).inc()
            self._log(reason, scope, given, form or [])
        status, words = RESPONSES[reason]
        headers = {"Connection": "close"} | ({"Allow": "POST"} if reason is Reason.method else {})
        return PlainTextResponse(words, status, headers)

    def _log(self, reason: Reason, scope: Scope, given: bytes, form: list[tuple[str, str]]) -> None:
        """Log it, unless this reason was logged lately; strangers who make no signature do not hide who makes one."""
        kind, now = (reason, WELL_FORMED.fullmatch(given) is not None), self._clock()
        if kind in self._logged and now - self._logged[kind] < PAUSE:
            self._since[kind] = self._since.get(kind, 0) + 1
            return
        self._logged[kind], since = now, self._since.pop(kind, 0)
        webhook = _webhook(scope, given, form)
        checked = self._public_url + shown(webhook.path)
        cause = self._cause(reason, webhook)
        log.warning("webhook refused: reason=%s checked=%r cause=%r since_last=%d", str(reason), checked, cause, since)

    def _cause(self, reason: Reason, webhook: Refused) -> str:
        if reason is Reason.method:
            return cause_of_method(webhook, self._public_url)
        if reason is Reason.address:
            return cause_of_address(webhook, self._public_url)
        if reason is Reason.signature and self._signature:
            return cause_of_signature(webhook, self._public_url, self._signature)
        return "longer than any form of Twilio's, or broken off: whoever asks is not Twilio"


def _is_tried(reason: Reason, scope: Scope, given: bytes) -> bool:
    path: bytes = scope["raw_path"]
    return reason is Reason.signature and not given and path.endswith(TRIED)


def _webhook(scope: Scope, given: bytes, form: list[tuple[str, str]]) -> Refused:
    host = _header(scope, b"host")
    path, query = (scope[name].decode("latin-1") for name in ("raw_path", "query_string"))
    return Refused(scope["method"], path, query, host.decode("latin-1"), given.decode("latin-1"), form)


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


class UnknownAddress:
    """Answers whatever no route takes; what was meant for us is counted and told."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = _header(scope, HEADER)
        status, words = RESPONSES[Reason.address]
        response = (
            self._refusals.refuse(Reason.address, scope, given)
            if given or OUR_WORDS & set(scope["path"].lower().split("/"))
            else PlainTextResponse(words, status)
        )
        await response(scope, receive, send)
