"""What staff find after the calls of a browser session: the callers to ring back, and the messages, in words."""

from collections.abc import Sequence
from datetime import date, datetime

from ivr.config import Settings
from ivr.engine.call_flows import CallFlows
from ivr.helpline.phone_numbers import grouped
from ivr.helpline.timezone import LONDON
from ivr.store import callback_list, voicemail_list
from ivr.store.callback_list import CallbackItem
from ivr.store.voicemail_list import Voicemail
from ivr.wiring import build_store

PARTS = {"any": "at any time of day"}
VOICEMAIL = {None: "", True: " A message may be left on their voicemail.", False: " No message is to be left."}


async def worklist(settings: Settings, flows: CallFlows, now: datetime) -> Sequence[str]:
    """Return one sentence for each caller who waits for staff."""
    async with build_store(settings) as store, store.read() as db:
        back = await callback_list.read(db, store.cipher, now)
        left = await voicemail_list.read(db, store.cipher)
    return [*(_to_ring_back(item, flows) for item in back), *(_message(message, flows) for message in left)]


def _to_ring_back(item: CallbackItem, flows: CallFlows) -> str:
    about = _about(item.topic, item.deadline, flows)
    asked = f"They asked on {item.asked.astimezone(LONDON):%A at %H:%M}."
    part = PARTS.get(item.part, f"in the {item.part}")
    ring = f"{'Urgent: ring' if item.urgent else 'Ring'} {grouped(item.number or '')} back{about}, {part}."
    return f"{ring} {asked}{VOICEMAIL[item.may_leave_message]}"


def _message(message: Voicemail, flows: CallFlows) -> str:
    left = f"left on {message.began.astimezone(LONDON):%A at %H:%M}"
    return f"Play a message of {message.seconds or 0} seconds{_about(message.topic, message.deadline, flows)}, {left}."


def _about(topic: str, deadline: date | None, flows: CallFlows) -> str:
    prompt = flows.topics.get(topic)
    about = flows.words.text(prompt) if prompt else topic.replace("_", " ")
    last_day = f", whose last day is {deadline:%A %d %B %Y}" if deadline else ""
    return f" about {about}{last_day}" if about else last_day
