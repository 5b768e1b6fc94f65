"""Calls the real helpline from the simulated telephone, its clock stopped."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.errors import IvrError
from ivr.fallback_document import fallback_document
from ivr.helpline.timezone import LONDON
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from tests.test_calls import helpline, settings

NOW = "2026-11-23T10:00"
AT = datetime.fromisoformat(f"{NOW}+00:00")
ADVISERS = ("+447700900001", "+447700900002")
CALLER = "+447700900123"
LETTER, CERTIFICATE = "14102026", "20112026"
LAST_DAY = ("1", "1", LETTER, "1", "2")
"""Refused an assessment, and without a certificate: what comes first, and the last day after it."""
LAST_DAY_WITH_A_CERTIFICATE = ("1", "1", LETTER, "1", "1", CERTIFICATE, "1")
LAST_DAY_ONLY_THE_SCHOOL = ("1", "3", LETTER, "1", "1", "1")
"""For what a final plan says, of which they disagree only with the school."""
A_CHILD = "1"
"""The answer to whose right it is."""
TO_THE_ADVISER = (*LAST_DAY, "1", A_CHILD, "1")
"""What is said of the mediation adviser, before any number."""
TO_THE_TEXT = ("1", A_CHILD, "4")
"""From the last day to the offer of a text."""
WHICH_DECISIONS = ("2", "5", "2", "1", "1", "1")
"""For whoever has another letter: the list of decisions, and what can be heard next."""
A_WHOLE_CALL = (*TO_THE_ADVISER, "1", "2", "1")
"""The last day, what to do about it, the mediation service, and what follows when nobody takes the call."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "the main menu": (),
    "a menu": ("2",),
    "the first page of a reading": ("2", "1"),
    "a later page of a reading": ("2", "1", "1"),
    "a yes or no": ("4", "1"),
    "a date": LAST_DAY[:2],
    "a date read back": LAST_DAY[:3],
    "a yes or no about dates": LAST_DAY[:4],
    "a yes or no about the school": LAST_DAY_ONLY_THE_SCHOOL[:4],
    "the same the other way round": LAST_DAY_ONLY_THE_SCHOOL[:5],
    "a second date": LAST_DAY_WITH_A_CERTIFICATE[:5],
    "two dates far apart": ("1", "1", "14052026", "1", "1", CERTIFICATE, "1"),
    "the last day": LAST_DAY,
    "the last day, with a certificate": LAST_DAY_WITH_A_CERTIFICATE,
    "the last day, only about the school": LAST_DAY_ONLY_THE_SCHOOL,
    "whose right it is": (*LAST_DAY, "1"),
    "what to do first": (*LAST_DAY, "1", A_CHILD),
    "what a certificate is": (*LAST_DAY, "1", A_CHILD, "2"),
    "a menu after a reading": (*LAST_DAY, "1", A_CHILD, "2", "1", "1", "1", "1"),
    "how to appeal": (*LAST_DAY, "1", A_CHILD, "3"),
    "an address": (*LAST_DAY, "1", A_CHILD, "3", "1", "1", "1", "1"),
    "which decisions": WHICH_DECISIONS[:3],
    "the mediation service": TO_THE_ADVISER,
    "a number": (*TO_THE_ADVISER, "1"),
    "after nobody took a call": ("0",),
    "after nobody was reached": (*TO_THE_ADVISER, "1", "2"),
}
"""Where a caller can be asked for a key, one of each sort, with the keys that lead there."""
everywhere = pytest.mark.parametrize("keys", PLACES.values(), ids=PLACES)


def telephone(
    at: str = NOW,
    *,
    app: ASGIApp | None = None,
    caller: str = CALLER,
    otherwise: str = "no_answer",
    callees: Mapping[str, str] | None = None,
    public_url: str = PUBLIC_URL,
    more: Mapping[str, str] | None = None,
) -> Phone:
    """Return a telephone connected to the helpline; nobody who is rung answers unless told to."""
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    given = {"IVR_PUBLIC_URL": public_url, **(more or {})}
    return Phone(
        app or helpline(now, given),
        public_url=public_url,
        token=TOKEN,
        caller=caller,
        callees=callees,
        default_callee=otherwise,
        fallback=fallback_document(settings(given), now),
    )


async def rings(phone: Phone, *keys: str) -> Phone:
    """Dial and press: a key as soon as it has been named, a date when all has been said."""
    return await goes_on(await phone.dials(), *keys)


async def goes_on(phone: Phone, *keys: str) -> Phone:
    """Press on in a call: a key as soon as it has been named, a number when all has been said."""
    for key in keys:
        await (phone.presses(key, pause=1) if len(key) > 1 else phone.presses(key, when_named=True))
    return phone


async def stopped(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that never answers."""
    raise ConnectionError


def breaks(*context: object) -> None:
    """Fail as a step might, with a number in the error that must not be logged."""
    raise IvrError(f"nothing comes of {CALLER}")
