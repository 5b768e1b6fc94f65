"""Complaints about data: one that has just come, one that must be acknowledged soon, and one that is closed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.demo.people import ADVISERS
from ivr.helpline.data_complaints import Channel, Means, Outcome
from ivr.helpline.timezone import today_in_london
from ivr.store import data_complaints
from ivr.store.cipher import Cipher
from ivr.store.data_complaints import ComplaintState


@dataclass(frozen=True)
class MadeUpComplaint:
    """A complaint that came so many days ago, and what was done `after` so many."""

    days_ago: int
    words: dict[str, str]
    channel: Channel
    after: int = 0
    done: dict[str, Any] = field(default_factory=dict)


CLOSED = {
    **{"acknowledged_how": Means.letter, "state": ComplaintState.closed, "closed_by": ADVISERS[2]},
    **{"outcome": Outcome.upheld, "answered_how": Means.letter},
    "answer": "We rang you on a number that you had asked us not to use. We are sorry, and have deleted it.",
}
COMPLAINTS = (
    MadeUpComplaint(
        1,
        {"body": "You texted my old phone, which my daughter has now.", "name": "Alex Moor", "number": "+447700900481"},
        Channel.telephone,
    ),
    MadeUpComplaint(
        25,
        {
            "body": "I asked in October what you keep of me and have heard nothing.",
            "name": "R. Penrose",
            "contact": "4 Mill Lane\nTavistock",
        },
        Channel.letter,
    ),
    MadeUpComplaint(
        70,
        {"body": "You rang me at work. I had said never to.", "name": "Kit Lane", "number": "+447700900733"},
        Channel.telephone,
        12,
        CLOSED,
    ),
)


async def add_complaints(db: AsyncConnection, cipher: Cipher, now: datetime) -> None:
    """Add them, as of a moment (aware)."""
    for made in COMPLAINTS:
        came, who = now - timedelta(days=made.days_ago), ADVISERS[0]
        id, day = str(uuid5(NAMESPACE_OID, made.words["body"])), today_in_london(came)
        await data_complaints.add(db, cipher, id, made.words, made.channel, day, who, came)
        if made.done:
            ended = came + timedelta(days=made.after)
            days = dict.fromkeys(("acknowledged", "closed"), today_in_london(ended))
            await data_complaints.change(db, cipher, id, ended, **made.done, **days)
