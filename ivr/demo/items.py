"""What callers leave behind: callbacks, messages, texts, talks with advisers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table

from ivr.demo.calls import MadeUpCall
from ivr.demo.people import ADVISERS, NOTES, TEXTS_IN, adviser_number, caller, deadline, made_up_id
from ivr.engine.events import QueueResult
from ivr.helpline.hunt import HuntState
from ivr.helpline.timezone import today_in_london
from ivr.store.call_events import CallOutcome
from ivr.store.callback_list import CallbackState
from ivr.store.cipher import Cipher
from ivr.store.leg_states import LegOutcome, LegState
from ivr.store.sms_states import SmsState
from ivr.store.tables import callback_attempts, callbacks, hunts, legs, notes, sms_inbox, sms_outbox, voicemails
from ivr.store.voicemail_list import VoicemailState

Made = tuple[Table, dict[str, Any]]
STILL_OPEN = timedelta(days=3)
"""What came in earlier than so long ago has been dealt with."""
WAITED = timedelta(hours=3)
RINGS = 20
"""Seconds that each adviser's telephone rings."""
HOW = ("no answer", "answered, 240 s", "voicemail, left no message", "busy")


@dataclass
class ItemMaker:
    """Makes rows; `sound` is the encrypted recording of every message, and `last` the moment (aware) that is now."""

    rng: Random
    cipher: Cipher
    sound: bytes
    last: datetime

    def rows(self, call: MadeUpCall) -> Iterator[Made]:
        """Yield what a call left, each row with its table, in an order in which they can be inserted."""
        match call.outcome:
            case CallOutcome.call_back:
                yield from self._callback(call)
            case CallOutcome.message:
                yield from self._message(call)
            case CallOutcome.text:
                yield from self._text(call)
            case CallOutcome.put_through:
                yield from self._talk(call, QueueResult.talked)
        if self.rng.random() < 0.03:
            yield from self._talk(call, "nobody")

    def _callback(self, call: MadeUpCall) -> Iterator[Made]:
        id, waits = made_up_id(self.rng), self._waits(call)
        state = CallbackState.open if waits else self.rng.choice([*[CallbackState.done] * 4, CallbackState.gave_up])
        changed = call.ended if waits else call.ended + WAITED
        said = {"part": self.rng.choice(["morning", "afternoon", "any"]), "may_leave_message": self.rng.random() < 0.5}
        who = None if waits else self.rng.choice(ADVISERS)
        stands = {"state": state, "by": who, "asked": call.ended, "changed": changed}
        yield callbacks, {**self._caller(call, id), **said, **stands}
        for n in range(self.rng.randrange(0, 3) if waits else 1):
            at = {"at": call.ended + timedelta(minutes=20 * (n + 1)), "who": self.rng.choice(ADVISERS)}
            yield callback_attempts, {"callback": id, **at, "how": self.rng.choice(HOW)}
        if self.rng.random() < 0.3:
            yield self._note("callback", id, call)

    def _message(self, call: MadeUpCall) -> Iterator[Made]:
        id, waits = made_up_id(self.rng), self._waits(call)
        about = self._caller(call, id) | {"call": self.cipher.blind_index(call.name), "sound": self.sound}
        state = VoicemailState.sent if waits else VoicemailState.done
        recorded = {"recording": f"RE{call.place:032d}", "seconds": self.rng.randrange(8, 170)}
        who = None if waits else self.rng.choice(ADVISERS)
        changed = call.ended if waits else call.ended + WAITED
        stands = {"state": state, "by": who, "began": call.began, "changed": changed, "tries": 0}
        yield voicemails, {**about, **recorded, **stands}

    def _text(self, call: MadeUpCall) -> Iterator[Made]:
        id, number = made_up_id(self.rng), caller(self.rng)
        reason = "the number is not in use" if self.rng.random() < 0.01 else None
        body = {"body": self.cipher.encrypt("What to do, by when, and whom to ring."), "topic": call.topic}
        state = {"state": SmsState.failed if reason else SmsState.delivered, "reason": reason}
        times = {"promised": call.ended, "due": call.ended, "changed": call.ended}
        yield sms_outbox, {"id": id, **self.cipher.encrypt_number(number), **body, **state, **times, "attempts": 1}
        if self.rng.random() < 0.12:
            yield from self._answer(call, number)

    def _answer(self, call: MadeUpCall, number: str) -> Iterator[Made]:
        words, waits = self.rng.choice(TEXTS_IN), self._waits(call)
        received = call.ended + timedelta(minutes=7)
        done = {} if waits else {"done_by": self.rng.choice(ADVISERS), "done": received + WAITED}
        body = {"body": self.cipher.encrypt(words), "media": 0 if words else 1, "answered": True}
        sender = {"id": made_up_id(self.rng), **self.cipher.encrypt_number(number)}
        yield sms_inbox, {**sender, **body, "received": received, **done}

    def _talk(self, call: MadeUpCall, way: str) -> Iterator[Made]:
        id = made_up_id(self.rng)
        about = self._caller(call, id) | {"call": self.cipher.blind_index(call.name)}
        rings = {"seconds": RINGS, "all_at_once": False}
        over = {"state": HuntState.over, "way": way, "began": call.began, "changed": call.ended}
        yield hunts, {**about, **rings, **over}
        rung = self.rng.sample(range(len(ADVISERS)), self.rng.randrange(1, 4))
        for place in rung:
            took = way == QueueResult.talked and place == rung[-1]
            outcome = LegOutcome.talked if took else self.rng.choice([LegOutcome.unanswered, LegOutcome.busy])
            leg = {"hunt": id, "blind_index": self.cipher.blind_index(adviser_number(place)), "state": LegState.over}
            talk = {"outcome": outcome, "seconds": call.seconds if took else None}
            yield legs, {"id": made_up_id(self.rng), **leg, **talk, "began": call.began, "changed": call.ended}
        if self.rng.random() < 0.1:
            yield self._note("talk", id, call)

    def _note(self, kind: str, about: str, call: MadeUpCall) -> Made:
        body = {"body": self.cipher.encrypt(self.rng.choice(NOTES)), "who": self.rng.choice(ADVISERS)}
        return notes, {"id": made_up_id(self.rng), "kind": kind, "about": about, **body, "at": call.ended + WAITED}

    def _caller(self, call: MadeUpCall, id: str) -> dict[str, Any]:
        told = deadline(self.rng, today_in_london(call.began))
        return {"id": id, **self.cipher.encrypt_number(caller(self.rng)), "topic": call.topic, "deadline": told}

    def _waits(self, call: MadeUpCall) -> bool:
        return call.ended > self.last - STILL_OPEN and self.rng.random() < 0.6
