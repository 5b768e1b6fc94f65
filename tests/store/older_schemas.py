"""Rows for every table of the older schemas, as those releases wrote them, and what the migrations make of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.store.fixtures import NOW

Rows = Mapping[str, list[dict[str, Any]]]
T = [NOW + timedelta(minutes=n) for n in range(10)]
DAY, DEADLINE = date(2026, 11, 23), date(2026, 12, 14)
SOUND = b"RIFF sound"

# What the release before made of these with its secret, so that a change of keys or of the format is noticed too.
NUMBER = bytes.fromhex(
    "73e76ef5b999a8b87a1f6688069b78cbde04e888195a8f35ccd3396e5286beda2ff88deb76c4a87b3a"  # PARENT
)
MARK = bytes.fromhex("35fc1146af6a3b0fc7e0de6ad502ff4bb12a7f17f2304385621f02d11021d8bc")
ADVISERS_NUMBER = bytes.fromhex(
    "fa72e8f224c5b83bf540be3e523a2fe9055349f17a7c70b5f16c2c2cd5847df6eb3b946fe1cb02afe0"  # ADVISER
)
ADVISERS_MARK = bytes.fromhex("e013f04164accb77857126852663a68452e24b8ce4ff84e264abd392ec085d93")
SEALED_BODY = bytes.fromhex(
    "7ac91d7efc4dac5c3ec2674e7700878ff924df12bd0cb48a16a829fdfde2c5a9ac5db86420ac0c2dfea5f15639ecb1e9a6563748"
    "c698829e8abdf550b62c5fa69b18d116c7f69dfec6f04455"
)
SEALED_SOUND = bytes.fromhex("31ce93b46876a14b81f03e457df3d70ce139f2e392a450fe572b4c5bb444164127bf70f47145")
CALL = bytes.fromhex("ea2905914ebcf6b1c50a149f6ee974ef538abe2a298e7e5a5fccec6dc15694f6")
KEY = bytes.fromhex("3949f2d12729e5ef9f197495285766a054aa8a26ac9e1c8476092fce2835f913")

SEALED = {"number": NUMBER, "mark": MARK}
EVENTS = ("Rang", "LeftQueue", "PromiseKept")
V001: Rows = {
    "promises": [{"key": KEY, "outcome": "kept", "made": T[0]}],
    "texts": [
        {
            **{"id": "t1", **SEALED, "body": SEALED_BODY, "topic": "school", "state": "sent", "promised": T[0]},
            **{"due": T[1], "good_until": T[9], "tried": T[2], "attempts": 1, "doubled": 1, "lease": T[3]},
            **{"look_at": T[4], "looks": 2, "sid": "SM1", "reason": None, "changed": T[2]},
        }
    ],
    "reminders": [
        {"id": "r1", **SEALED, "body": SEALED_BODY, "topic": "deadline", "due": T[8], "promised": T[0]},
    ],
    "stops": [{"mark": MARK, "since": T[5]}],
    "inbox": [{"id": "i1", **SEALED, "body": SEALED_BODY, "answered": True, "received": T[6]}],
    "calls": [
        {"id": "c1", "mark": CALL, "began": T[0], "last": T[2], "topics": "school", "how": "put_through", "ended": T[3]}
    ],
    "lines": [
        {"n": n, "call": "c1", "at": T[n], "turn": n, "step": "person/wait", "happened": event, "topic": "school"}
        for n, event in enumerate(EVENTS, 1)
    ],
    "counts": [
        {"day": DAY, "what": what, "n": n}
        for n, what in enumerate(("call", "call put_through", "call back promised", "topic school"), 3)
    ],
    "resources": [{"sid": "SM1", "kind": "message", "mark": MARK, "added": T[0], "due": T[7], "tries": 1}],
}
V002: Rows = {
    **{name: rows for name, rows in V001.items() if name != "lines"},
    "lines": [{**row, "detail": "answered 312 s"} for row in V001["lines"]],
    "advisers": [
        {"id": "a1", "name": "Amy", "number": ADVISERS_NUMBER, "mark": ADVISERS_MARK, "place": 1, "away": False}
    ],
    "shifts": [{"adviser": "a1", "weekday": 0, "spans": "09:00-12:30 13:00-17:00"}],
    "changes": [{"adviser": "a1", "day": DEADLINE, "spans": ""}],
    "closures": [{"id": "x1", "begins": T[0], "ends": T[9], "reason": "helpline.training"}],
    "audit": [{"n": 1, "at": T[0], "who": "pat", "what": "put Amy on the rota"}],
    "callbacks": [
        {
            **{"id": "b1", **SEALED, "topic": "school", "deadline": DEADLINE, "part": "morning", "state": "claimed"},
            **{"by": "amy", "asked": T[0], "changed": T[1]},
        }
    ],
    "attempts": [{"n": 1, "callback": "b1", "at": T[1], "who": "amy", "how": "no answer"}],
    "hunts": [
        {
            **{"id": "h1", "call": CALL, "topic": "school", "deadline": DEADLINE, "seconds": 20, "all_at_once": True},
            **{"state": "ringing", "way": "busy", "began": T[0], "looked": T[1], "changed": T[2]},
        }
    ],
    "legs": [
        {
            **{"id": "l1", "hunt": "h1", "callback": None, "mark": ADVISERS_MARK, "sid": "CA2", "state": "ringing"},
            **{"outcome": None, "seconds": None, "began": T[1], "changed": T[1]},
        },
        {
            **{"id": "l2", "hunt": None, "callback": "b1", "mark": ADVISERS_MARK, "sid": "CA3", "state": "over"},
            **{"outcome": "talked", "seconds": 42, "began": T[1], "changed": T[2]},
        },
    ],
    "pulse": [{"what": "hunter", "at": T[0]}],
    "messages": [
        {
            **{"id": "m1", **SEALED, "call": CALL, "topic": "deadline", "deadline": DEADLINE, "state": "sent"},
            **{"recording": "RE1", "seconds": 42, "sound": SEALED_SOUND, "tries": 1, "look_at": None, "by": None},
            **{"began": T[0], "changed": T[1]},
        }
    ],
}
RENAMED = {
    "promises": "idempotency_keys",
    "texts": "sms_outbox",
    "inbox": "sms_inbox",
    "stops": "opt_outs",
    "messages": "voicemails",
    "lines": "call_events",
    "counts": "daily_counts",
    "resources": "provider_resources",
    "pulse": "heartbeats",
    "changes": "shift_overrides",
    "attempts": "callback_attempts",
    "audit": "audit_log",
}
COUNT_NOW = {
    "call": ("call", ""),
    "call put_through": ("call", "put_through"),
    "call back promised": ("call back", "promised"),
    "topic school": ("topic", "school"),
}


UNCLAIMED = {"claimed_by": None, "claimed": None}
ADDED: dict[str, dict[str, str | int | None]] = {
    "texts": {"sent_by": None},
    "inbox": {"media": 0, **UNCLAIMED, "done_by": None, "done": None, "answer": None},
    "hunts": {"heard": None, "audience": "", "number": None, "blind_index": None},
    "legs": {"asked": None},
    "messages": {"sid": None, "audience": "", **UNCLAIMED},
    "callbacks": {"audience": "", "may_leave_message": None, "remind_at": None},
    "audit": {"account": None, "previous": None, "seal": None},
    "changes": {"why": "", "set_by": ""},
}
"""The columns that were added since, and what they hold."""


def row_now(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is to be found after the migration."""
    renamed = {"mark": "blind_index", "doubled": "resent"}
    now = {renamed.get(key, key): value for key, value in row.items()}
    if name == "stops":
        now["source"] = None
    if name == "counts":
        now["metric"], now["dimension"] = COUNT_NOW[now.pop("what")]
    return now | ADDED.get(name, {})
