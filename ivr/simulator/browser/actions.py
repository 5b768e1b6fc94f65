"""The actions of the page, each under the last part of its URL."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import repeat

from ivr.simulator.browser.request_fields import ActionRefused, RequestFields
from ivr.simulator.browser.say_again import say_again
from ivr.simulator.browser.session import Session
from ivr.simulator.twilio_api.faults import NO_FAULT, Fault

KEYS = "0123456789*#"
MAX_LISTEN_SECONDS = 60.0
"""How much a page may say it has played at once."""
SWITCHED_OFF = Fault(statuses=("sent", "undelivered"), error_code=30003)
"""What becomes of messages to a mobile that cannot be reached (https://www.twilio.com/docs/api/errors/30003)."""

PageAction = Callable[[Session, RequestFields], Awaitable[None]]


async def say(session: Session, fields: RequestFields) -> None:
    """Speak into a recording as the caller."""
    words = fields.text("words").strip() or "…"
    key = fields.one_of("key", KEYS) if fields.text("key", "") else ""
    await session.say(words, key, fields.flag("hangs_up"))


async def start(session: Session, fields: RequestFields) -> None:
    """Begin a call at a step."""
    await session.start_at(fields.text("at"), fields.texts("given"), fields.text("caller", "mobile"))


async def listen(session: Session, fields: RequestFields) -> None:
    """Let time pass, as the page has played so much."""
    await session.listen(min(fields.seconds("until"), session.phone.now + MAX_LISTEN_SECONDS))


async def text(session: Session, fields: RequestFields) -> None:
    """Text the helpline from the mobile."""
    if not (body := fields.text("body").strip()):
        raise ActionRefused("An empty text is not sent.")
    await session.text_messages.send(body)


async def switch(session: Session, fields: RequestFields) -> None:
    """Switch the mobile on or off."""
    session.player.twilio.inject_from(repeat(NO_FAULT if fields.flag("on") else SWITCHED_OFF))


async def clock(session: Session, fields: RequestFields) -> None:
    """Move the clock forward."""
    moment = fields.london_time("at", session.clock())
    if moment < session.clock() - timedelta(minutes=1):
        raise ActionRefused("That lies behind: begin a new trial to go back in time.")
    await session.advance_to(max(moment, session.clock()))


PAGE_ACTIONS: dict[str, PageAction] = {
    "dial": lambda session, fields: session.dial(fields.text("caller", "mobile")),
    "start": start,
    "press": lambda session, fields: session.press(fields.one_of("key", KEYS)),
    "say": say,
    "hang-up": lambda session, fields: session.hang_up(fields.text("words", "").strip()),
    "pick-up": lambda session, fields: session.pick_up(),
    "decline": lambda session, fields: session.decline(),
    "listen": listen,
    "answer": lambda session, fields: session.callee_phones.answer(fields.text("number"), fields.text("how")),
    "press-there": lambda session, fields: session.callee_phones.press(
        fields.text("number"), fields.one_of("key", KEYS)
    ),
    "hang-up-there": lambda session, fields: session.callee_phones.hang_up(fields.text("number")),
    "text": text,
    "switch": switch,
    "clock": clock,
    "say-again": lambda session, fields: say_again(session, fields.index("line"), fields.names("place")),
}
"""The actions by name; those that end in `-there` are done on a callee's telephone."""
