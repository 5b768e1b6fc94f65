"""Callers who are blocked for a while, and callers who said STOP."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london, whole_day
from ivr.store import blocks, opt_outs
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.opt_outs import OptOutSource

BLOCKED = (
    ("+447700900242", 4, "Shouted at Grace Ford on two mornings, and said that he would come to her house."),
    ("+447700900617", 26, "Rings thirty times a night and says nothing."),
)
"""Numbers, how many days from now the last day of the block is, and why."""
STOPPED = ("+447700900311", "+447700900508", "+447700900777")


async def add(db: AsyncConnection, cipher: Cipher, by: By) -> None:
    """Block some callers, and opt some out."""
    for number, days, why in BLOCKED:
        until = whole_day(today_in_london(by.at) + timedelta(days=days))[1]
        await blocks.replace(db, cipher, number, why, until, by.who, by.at - timedelta(days=3))
    for number in STOPPED:
        await opt_outs.opt_out(db, cipher.blind_index(number), by.at - timedelta(days=40), OptOutSource.caller)
