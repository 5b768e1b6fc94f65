"""What can be done at the page, each under the last part of its address."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import repeat

from ivr.phone.browser.asked import Asked
from ivr.phone.browser.not_now import NotNow
from ivr.phone.browser.trial import Trial
from ivr.phone.office_manner import PROPERLY, Manner

KEYS = "0123456789*#"
LONGEST_LISTEN = 60.0
"""Seconds that a page may say it has listened at once."""
SWITCHED_OFF = Manner(news=("sent", "undelivered"), error=30003)
"""How the company treats texts to a mobile that cannot be reached (https://www.twilio.com/docs/api/errors/30003)."""

Doing = Callable[[Trial, Asked], Awaitable[None]]


async def dial(trial: Trial, asked: Asked) -> None:
    """The caller rings."""
    await trial.dials(asked.text("caller", "mobile"))


async def press(trial: Trial, asked: Asked) -> None:
    """The caller presses a key."""
    await trial.presses(asked.one_of("key", KEYS))


async def say(trial: Trial, asked: Asked) -> None:
    """The caller speaks into a recording."""
    words = asked.text("words").strip() or "…"
    key = asked.one_of("key", KEYS) if asked.text("key", "") else ""
    await trial.says(words, key, asked.flag("hangs_up"))


async def hang_up(trial: Trial, asked: Asked) -> None:
    """The caller puts the receiver down."""
    await trial.hangs_up()


async def listen(trial: Trial, asked: Asked) -> None:
    """The page has played so much."""
    await trial.listens(min(asked.number("until"), trial.phone.now + LONGEST_LISTEN))


async def answer(trial: Trial, asked: Asked) -> None:
    """What becomes of a telephone that rings."""
    await trial.others.answers(asked.text("number"), asked.text("how"))


async def press_there(trial: Trial, asked: Asked) -> None:
    """Whoever picked up presses a key."""
    await trial.others.presses(asked.text("number"), asked.one_of("key", KEYS))


async def hang_up_there(trial: Trial, asked: Asked) -> None:
    """Whoever picked up puts the receiver down."""
    await trial.others.hangs_up(asked.text("number"))


async def text(trial: Trial, asked: Asked) -> None:
    """The mobile texts the helpline."""
    if not (body := asked.text("body").strip()):
        raise NotNow("An empty text is not sent.")
    await trial.texts.sends(body)


async def switch(trial: Trial, asked: Asked) -> None:
    """The mobile is switched on or off."""
    trial.scene.office.behaves_as(repeat(PROPERLY if asked.flag("on") else SWITCHED_OFF))


async def clock(trial: Trial, asked: Asked) -> None:
    """The clock is run forward."""
    moment = asked.moment("at", trial.clock())
    if moment < trial.clock() - timedelta(minutes=1):
        raise NotNow("That lies behind: begin a new trial to go back in time.")
    await trial.goes_to(max(moment, trial.clock()))


DOINGS: dict[str, Doing] = {
    "dial": dial,
    "press": press,
    "say": say,
    "hang-up": hang_up,
    "listen": listen,
    "answer": answer,
    "press-there": press_there,
    "hang-up-there": hang_up_there,
    "text": text,
    "switch": switch,
    "clock": clock,
}
