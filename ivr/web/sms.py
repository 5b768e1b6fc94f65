"""Incoming texts, and the status callbacks of outgoing ones."""

import logging
from collections.abc import Callable
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
from ivr.telephony.twiml import sms_reply
from ivr.telephony.webhook import id_in
from ivr.tokens import SmsIdTokens
from ivr.web.signature_check import Form, query_value

log = logging.getLogger(__name__)

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
NO_REMINDERS = "NO"
"""The provider answers STOP, START, HELP and their synonyms itself, so we do not
(https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)."""
NO_REPLY = sms_reply(None)


class Sms:
    """Answers `POST /sms` and `POST /sms/status`; `reply` returns the answer to every text that is no keyword.

    Only numbers that begin with one of `prefixes` are answered, and `most` of them in an hour: texts from numbers
    that are dear to answer are a fraud (SMS pumping).
    """

    def __init__(
        self,
        store: Store,
        tokens: SmsIdTokens,
        clock: Callable[[], datetime],
        reply: Callable[[], str],
        prefixes: tuple[str, ...] = ("+447",),
        most: int = 200,
    ) -> None:
        self._store, self._tokens, self._clock, self._reply = store, tokens, clock, reply
        self._prefixes, self._most = prefixes, most

    async def incoming(self, scope: Scope, form: Form) -> Response:
        """Obey STOP, START and NO; store any other text for staff, and answer once a day."""
        try:
            answer = await self._receive(form)
        except DatabaseUnavailable:
            log.error("incoming sms not stored: the database is down")
            return Response("try again", 503)  # the provider's fallback address is asked next
        return Response(answer, media_type="text/xml")

    async def _receive(self, form: Form) -> str:
        number, body, sid = form.get("From", ""), form.get("Body", ""), id_in(form.get("MessageSid", ""))
        if not sid:  # which the provider never leaves out: nothing could be stored, or deleted there, without it
            log.warning("incoming sms without a MessageSid")
            return NO_REPLY
        cipher, now, word = self._store.cipher, self._clock(), body.strip().upper().rstrip(".!")
        async with self._store.begin() as db:
            await provider_resources.add(db, "message", sid, cipher.blind_index(number), now)
            if keyword := _keyword(form.get("OptOutType", ""), word):
                await run_once(db, cipher, f"text {sid}", now, lambda: self._obey(db, keyword, number))
                return NO_REPLY
            most = self._most if can_text(number) and number.startswith(self._prefixes) else 0
            may_answer = await sms_inbox.receive(db, cipher, sid, number, body, now, most)
        return sms_reply(self._reply()) if may_answer else NO_REPLY

    async def _obey(self, db: AsyncConnection, keyword: str, number: str) -> str:
        """Obey a keyword, until the next one. The same text again, late or stolen, changes nothing."""
        cipher = self._store.cipher
        if keyword == "STOP":
            await opt_outs.opt_out(db, cipher.blind_index(number), self._clock())
        if keyword in ("STOP", NO_REMINDERS):
            await reminders.cancel(db, cipher, number)
        if keyword == "START":
            await opt_outs.opt_in(db, *cipher.blind_indexes(number))
        return keyword

    async def status(self, scope: Scope, form: Form) -> Response:
        """Store the status of a text, by the id that we sealed into the address of its status callback."""
        token = query_value(scope, "t")
        try:
            await self._store_status(self._tokens.open(token), form)
        except InvalidToken:
            log.warning("sms id token rejected")
        except DatabaseUnavailable:
            log.error("sms status not stored: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    async def _store_status(self, id: str, form: Form) -> None:
        code, sid = form.get("ErrorCode", ""), id_in(form.get("MessageSid", ""))
        reason = describe_error(code) if code.isdecimal() else None
        if not sid:
            log.warning("sms status without a MessageSid")
            return
        async with self._store.begin() as db:
            await sms_outbox.delivery(db, id, sid, form.get("MessageStatus", ""), reason, self._clock())


def _keyword(type: str, word: str) -> str:
    """Return the keyword of a text, or nothing; the provider's own reading (OptOutType) goes first."""
    if type in ("STOP", "START", "HELP"):
        return type
    if word in STOP or word in START:
        return "STOP" if word in STOP else "START"
    return NO_REMINDERS if word == NO_REMINDERS else ""
