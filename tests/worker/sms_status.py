"""Stores the status callbacks of texts, as the application's own endpoint does."""

from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ivr.store import sms_results
from ivr.store.database import Store
from ivr.telephony.error_codes import text_failure
from ivr.telephony.signature import HEADER, Signature
from ivr.telephony.webhook import read_form
from ivr.tokens import SmsIdTokens


class SmsStatus:
    """An app with one endpoint."""

    def __init__(self, store: Store, public_url: str, secrets: Sequence[bytes], clock: Callable[[], datetime]) -> None:
        self._store, self._secrets, self._clock = store, secrets, clock
        self._signature = Signature(public_url, "token")
        self.app = Starlette(routes=[Route("/sms/status", self.answer, methods=["POST"])])

    async def answer(self, request: Request) -> Response:
        form = read_form(await request.body())
        path = f"{request.url.path}?{request.url.query}"
        assert self._signature.matches(path, form, request.headers[HEADER.decode()])
        fields, id = dict(form), SmsIdTokens(self._secrets).open(request.query_params["t"])
        failure = text_failure(fields.get("ErrorCode"))
        error = failure.reason if "ErrorCode" in fields else None
        means = {"opted_out": failure.opted_out, "is_passing": failure.is_passing}
        async with self._store.begin() as db:
            await sms_results.delivery(
                db, id, fields["MessageSid"], fields["MessageStatus"], error, self._clock(), **means
            )
        return Response(status_code=204)
