"""Texts that come in, and the provider's news of those that went out."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import DatabaseUnavailable, InvalidToken
from ivr.helpline.phone_numbers import can_text
from ivr.store import opt_outs, provider_resources, reminders, sms_inbox, sms_outbox
from ivr.store.database import Store
from ivr.store.idempotency import run_once
from ivr.telephony.error_codes import describe_error
from ivr.telephony.sms_id import open_sms_id
from ivr.telephony.twiml import text_back
from ivr.telephony.webhook import name_in
from ivr.web.query import asked
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
NO_REMINDERS = "NO"
"""The provider answers STOP, START, HELP and their synonyms itself, so we do not
(https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)."""
NOTHING = text_back(None)


class Sms:
    """Answers `POST /sms` and `POST /sms/status`; `helpful` is the one answer to a text that we cannot read.

    Only numbers that begin with one of `prefixes` are answered, and `most` of them in an hour: a text from a number
    that is dear to answer is how others earn by us.
    """

    def __init__(
        self,
        store: Store,
        secrets: Sequence[bytes],
        clock: Callable[[], datetime],
        helpful: str,
        prefixes: tuple[str, ...] = ("+447",),
        most: int = 200,
    ) -> None:
        self._store, self._secrets, self._clock, self._helpful = store, secrets, clock, helpful
        self._prefixes, self._most = prefixes, most

    async def incoming(self, scope: Scope, form: Form) -> Response:
        """STOP and NO are obeyed; any other text is kept for staff and answered once a day."""
        try:
            answer = await self._take(form)
        except DatabaseUnavailable:
            log.error("a text could not be kept: the database is down")
            return Response("try again", 503)  # the provider's fallback address is asked next
        return Response(answer, media_type="text/xml")

    async def _take(self, form: Form) -> str:
        number, body, sid = form.get("From", ""), form.get("Body", ""), name_in(form.get("MessageSid", ""))
        if not sid:  # which the provider never leaves out: nothing could be kept, or deleted there, without it
            log.warning("a text without a name")
            return NOTHING
        cipher, now, word = self._store.cipher, self._clock(), body.strip().upper().rstrip(".!")
        async with self._store.begin() as db:
            await provider_resources.add(db, "message", sid, cipher.blind_index(number), now)
            if wish := _wish(form.get("OptOutType", ""), word):
                await run_once(db, cipher, f"text {sid}", now, lambda: self._obey(db, wish, number))
                return NOTHING
            most = self._most if can_text(number) and number.startswith(self._prefixes) else 0
            may_answer = await sms_inbox.receive(db, cipher, sid, number, body, now, most)
        return text_back(self._helpful) if may_answer else NOTHING

    async def _obey(self, db: AsyncConnection, wish: str, number: str) -> str:
        """What was wished for holds until the next wish: the same text again, late or stolen, is none."""
        cipher = self._store.cipher
        if wish == "STOP":
            await opt_outs.opt_out(db, cipher.blind_index(number), self._clock())
        if wish in ("STOP", NO_REMINDERS):
            await reminders.stop(db, cipher, number)
        if wish == "START":
            await opt_outs.opt_in(db, *cipher.blind_indexes(number))
        return wish

    async def delivery(self, scope: Scope, form: Form) -> Response:
        """What became of a text of ours, by the id that we sealed into the address."""
        token = asked(scope, "t")
        try:
            await self._delivered(open_sms_id(self._secrets, token), form)
        except InvalidToken:
            log.warning("news of a text that is none of ours")
        except DatabaseUnavailable:
            log.error("news of a text could not be kept: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    async def _delivered(self, id: str, form: Form) -> None:
        code, sid = form.get("ErrorCode", ""), name_in(form.get("MessageSid", ""))
        reason = describe_error(code) if code.isdecimal() else None
        if not sid:
            log.warning("news of a text without a name")
            return
        async with self._store.begin() as db:
            await sms_outbox.delivery(db, id, sid, form.get("MessageStatus", ""), reason, self._clock())


def _wish(type: str, word: str) -> str:
    """What a text wants of us that needs nobody to read it; the provider's own reading of it goes first."""
    if type in ("STOP", "START", "HELP"):
        return type
    if word in STOP or word in START:
        return "STOP" if word in STOP else "START"
    return NO_REMINDERS if word == NO_REMINDERS else ""
