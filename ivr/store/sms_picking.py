"""Picks texts of the outbox for one worker: no other gets them meanwhile; what cannot be read holds up none."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.tables import sms_outbox

log = logging.getLogger(__name__)

A_WHILE = timedelta(seconds=60)
MOST_ROUNDS = 50
"""How often more are picked in one transaction in place of those that cannot be decrypted."""


async def pick(
    db: AsyncConnection, which: ColumnElement[bool], order: ColumnElement[Any], limit: int | None
) -> list[str]:
    """Lock the first that no other transaction has locked, until this one ends; return their ids."""
    held = select(sms_outbox.c.id).where(which).order_by(order).limit(limit).with_for_update(skip_locked=True)
    return list(await db.scalars(held))


async def pick_readable(
    db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], due: Column[datetime], limit: int, now: datetime
) -> list[str]:
    """Pick likewise those that can be decrypted. The others wait for a worker with their secret, and hold up nobody:
    they are due again in A_WHILE, in the state that they were in.
    """
    readable: list[str] = []
    for _ in range(MOST_ROUNDS):
        picked = await pick(db, which, due, limit - len(readable))
        sealed = await _unreadable(db, cipher, picked)
        readable += [id for id in picked if id not in sealed]
        if not sealed:
            break
        log.warning("texts wait, they cannot be read: texts=%d reason=%r", len(sealed), UNREADABLE)
        await db.execute(update(sms_outbox).where(sms_outbox.c.id.in_(sealed)).values({due: now + A_WHILE}))
        which &= sms_outbox.c.id.not_in(readable)
    return readable


async def _unreadable(db: AsyncConnection, cipher: Cipher, ids: list[str]) -> set[str]:
    columns = sms_outbox.c.id, sms_outbox.c.number, sms_outbox.c.body
    rows = await db.execute(select(*columns).where(sms_outbox.c.id.in_(ids)))
    return {row.id for row in rows if cipher.place_of(row.number) is None or cipher.place_of(row.body) is None}
