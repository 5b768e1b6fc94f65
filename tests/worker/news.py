"""Writes down the news of texts, as the helpline's own address for it does."""

from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ivr.store import sms_outbox
from ivr.store.database import Store
from ivr.telephony.error_codes import describe_error
from ivr.telephony.signature import HEADER, Signature
from ivr.telephony.sms_id import open_sms_id
from ivr.telephony.webhook import read_form


class News:
    """An app with one address."""

    def __init__(self, store: Store, public_url: str, secrets: Sequence[bytes], clock: Callable[[], datetime]) -> None:
        self._store, self._secrets, self._clock = store, secrets, clock
        self._signature = Signature(public_url, "token")
        self.app = Starlette(routes=[Route("/sms/status", self.hears, methods=["POST"])])

    async def hears(self, request: Request) -> Response:
        form = read_form(await request.body())
        path = f"{request.url.path}?{request.url.query}"
        assert self._signature.matches(path, form, request.headers[HEADER.decode()])
        told, id = dict(form), open_sms_id(self._secrets, request.query_params["t"])
        error = describe_error(told["ErrorCode"]) if "ErrorCode" in told else None
        async with self._store.begin() as db:
            await sms_outbox.delivery(db, id, told["MessageSid"], told["MessageStatus"], error, self._clock())
        return Response(status_code=204)
