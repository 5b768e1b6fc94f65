"""Incoming texts, and the status callbacks of outgoing ones."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import DatabaseUnavailable, InvalidToken
from ivr.helpline.canary import is_canary
from ivr.helpline.phone_numbers import can_text
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.sms_keywords import Wish, provider_wish_of, wish_of
from ivr.helpline.text_destinations import TextDestinations
from ivr.store import blocks, opt_outs, provider_resources, reminders, shift_replies, sms_inbox, sms_results
from ivr.store.database import Store
from ivr.store.idempotency import run_once
from ivr.store.opt_outs import OptOutSource
from ivr.store.shift_replies import Reply
from ivr.store.sms_inbox import InboxLimits, Receipt
from ivr.telephony.error_codes import text_failure
from ivr.telephony.twiml import sms_reply
from ivr.telephony.webhook import id_in
from ivr.tokens import SmsIdTokens
from ivr.web import metrics
from ivr.web.signature_check import Form, query_value

log = logging.getLogger(__name__)

NO_REPLY = sms_reply(None)
NOTHING = "nothing"
MOST_MEDIA = 10
"""In one text: https://www.twilio.com/docs/messaging/guides/mms."""
EVERY_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Received:
    """A text that came in; `opt_out_type` is the provider's own reading of it, where it has one.

    https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
    """

    sid: str
    number: str = field(repr=False)
    body: str = field(repr=False)
    opt_out_type: str = ""
    media: int = 0
    """How many pictures or the like came with it; we keep none of them."""

    @property
    def wish(self) -> Wish | None:
        """The wish that it is; the provider's own reading goes first."""
        return Wish(self.opt_out_type) if self.opt_out_type in ("STOP", "START", "HELP") else wish_of(self.body)

    @property
    def is_reserved(self) -> bool:
        """Whether it means what it means whatever else it may answer: STOP, START or HELP, in any spelling."""
        return self.wish is not None and self.wish is not Wish.no_reminders

    @property
    def is_known_to_the_provider(self) -> bool:
        """Whether the provider obeys it as well."""
        return bool(self.opt_out_type or provider_wish_of(self.body))

    @property
    def is_answered_by_the_provider(self) -> bool:
        """Whether the provider answers it even where it changes nothing; YES is then a word like any other."""
        return bool(self.opt_out_type) or (self.is_known_to_the_provider and self.body.strip().upper() != "YES")


class Sms:
    """Answers `POST /sms` and `POST /sms/status`; `reply` returns the answer to every text that is no wish.

    `shift_words` returns the words in which advisers hear back who answer the reminder of a shift.
    Only mobiles among the `destinations` are answered: texts from numbers that are dear to answer are a fraud (SMS
    pumping).
    """

    def __init__(
        self,
        store: Store,
        tokens: SmsIdTokens,
        clock: Callable[[], datetime],
        reply: Callable[[], str],
        destinations: TextDestinations,
        limits: InboxLimits,
        shift_words: Callable[[], ShiftWords],
        canary: str | None = None,
    ) -> None:
        """`canary` is the number of test calls, which texts nobody."""
        self._store, self._tokens, self._clock, self._reply = store, tokens, clock, reply
        self._shift_words = shift_words
        self._destinations, self._limits, self._canary = destinations, limits, canary
        self._told: datetime | None = None
        """When we last logged that texts are refused."""

    async def incoming(self, scope: Scope, form: Form) -> Response:
        """Obey STOP, START and NO; take what an adviser answers about a shift.

        Any other text is stored for staff, and answered once a day.
        """
        sid = id_in(form.get("MessageSid", ""))
        if not sid:  # which the provider never leaves out: nothing could be stored, or deleted there, without it
            log.warning("incoming sms without a MessageSid")
            return Response(NO_REPLY, media_type="text/xml")
        if is_canary(form.get("From", ""), self._canary):  # such as an answer that the provider has it send by default
            return Response(NO_REPLY, media_type="text/xml")
        text = Received(sid, form.get("From", ""), form.get("Body", ""), form.get("OptOutType", ""), _count(form))
        try:
            answer = await self._take(text)
        except DatabaseUnavailable:
            metrics.errors.labels(metrics.NOT_STORED).inc()
            log.error("incoming sms not stored: the database is down")
            return Response("try again", 503)  # the provider's fallback address is asked next
        return Response(sms_reply(answer) if answer else NO_REPLY, media_type="text/xml")

    async def _take(self, text: Received) -> str:
        """Obey a text or store it; return the answer to it, "" for none."""
        now, cipher = self._clock(), self._store.cipher
        async with self._store.begin() as db:
            is_obeyed = text.is_reserved and await self._obey(db, text, now)
            reply = None if is_obeyed else await self._shift_reply(db, text, now)
            if is_obeyed or reply or await self._obey(db, text, now):
                receipt = Receipt.no_answer
            else:
                may_answer = self._may_answer(text) and not await blocks.is_blocked(db, cipher, now, text.number)
                limits = self._limits if may_answer else replace(self._limits, answers_per_hour=0)
                told = text.number, text.body, now, limits, text.media
                receipt = await sms_inbox.receive(db, cipher, text.sid, *told)
            refused = receipt is Receipt.refused
            blind_index = cipher.blind_index(text.number)
            await provider_resources.add(db, "message", text.sid, blind_index, now, due=now if refused else None)
            if reply:
                await reply.write_audit(db)
        if refused:
            self._tell_of_refusals(now)
        if reply:
            return reply.text if self._may_answer(text) else ""
        return self._reply() if receipt is Receipt.answer else ""

    async def _shift_reply(self, db: AsyncConnection, text: Received, now: datetime) -> Reply | None:
        """Take what an adviser answers to the reminder of a shift."""
        told = f"shift answer {text.sid}", text.number, text.body
        return await shift_replies.answer_text(db, self._store.cipher, self._shift_words(), *told, now)

    def _may_answer(self, text: Received) -> bool:
        is_ours = can_text(text.number) and self._destinations.include(text.number)
        return is_ours and not text.is_answered_by_the_provider

    async def _obey(self, db: AsyncConnection, text: Received, now: datetime) -> bool:
        """Obey a wish, until the next one; return False for one that changes nothing: it is a text like any other.

        The same text again, late or stolen, changes nothing.
        """
        wish = text.wish
        if wish is None:
            return False

        async def decide() -> str:
            return wish if await self._changes(db, wish, text, now) else NOTHING

        return await run_once(db, self._store.cipher, f"text {text.sid}", now, decide) != NOTHING

    async def _changes(self, db: AsyncConnection, wish: Wish, text: Received, now: datetime) -> bool:
        """Do what is wished; return whether that changed anything."""
        cipher = self._store.cipher
        match wish:
            case Wish.stop:
                source = OptOutSource.provider if text.is_known_to_the_provider else OptOutSource.caller
                await reminders.cancel(db, cipher, text.number)
                return await opt_outs.opt_out(db, cipher.blind_index(text.number), now, source)
            case Wish.start:
                return await opt_outs.opt_in(db, *cipher.blind_indexes(text.number))
            case Wish.no_reminders:
                return await reminders.cancel(db, cipher, text.number) > 0
            case Wish.help:
                return False

    def _tell_of_refusals(self, now: datetime) -> None:
        """Log that texts are refused: once an hour, or a flood of texts would be one of lines."""
        if self._told is None or abs(now - self._told) >= EVERY_HOUR:
            self._told = now
            log.error(
                "incoming texts refused: more came than IVR_INBOX_PER_NUMBER or IVR_INBOX_PER_HOUR allow; STOP is still"
                ' obeyed; ivr_today{metric="incoming text"} counts them'
            )

    async def status(self, scope: Scope, form: Form) -> Response:
        """Store the status of a text, by the id that we sealed into the address of its status callback."""
        token = query_value(scope, "t")
        try:
            await self._store_status(self._tokens.open(token), form)
        except InvalidToken:
            log.warning("sms id token rejected")
        except DatabaseUnavailable:
            metrics.errors.labels(metrics.NOT_STORED).inc()
            log.error("sms status not stored: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    async def _store_status(self, id: str, form: Form) -> None:
        sid, status = id_in(form.get("MessageSid", "")), form.get("MessageStatus", "")
        if not sid:
            log.warning("sms status without a MessageSid")
            return
        failure = text_failure(form.get("ErrorCode"))
        reason = failure.reason if form.get("ErrorCode", "").isdecimal() else None
        means = {"opted_out": failure.opted_out, "is_passing": failure.is_passing}
        async with self._store.begin() as db:
            await sms_results.delivery(db, id, sid, status, reason, self._clock(), **means)


def _count(form: Form) -> int:
    """Return how many media a text came with (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
    told = form.get("NumMedia", "")
    return min(int(told), MOST_MEDIA) if told.isdecimal() and told.isascii() else 0
