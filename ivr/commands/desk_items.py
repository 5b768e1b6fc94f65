"""Names what staff work on by its place among all of its kind, as ids differ in a session that is played again."""

import re

from sqlalchemy import literal_column, select

from ivr.simulator.browser.request_fields import ActionRefused
from ivr.store.database import Store
from ivr.store.tables import callbacks, data_complaints, hunts, sms_inbox, sms_outbox, voicemails

TABLES = {
    "callbacks": callbacks,
    "complaints": data_complaints,
    "messages": voicemails,
    "talks": hunts,
    "texts": sms_inbox,
    "unsent": sms_outbox,
}
"""The table of the ids in a path, by what stands before them."""
_ID = re.compile(rf"^(/console/({'|'.join(TABLES)})/)([0-9a-f-]{{36}})(?=/|$)")
_PLACE = re.compile(rf"^(/console/({'|'.join(TABLES)})/)#(\d+)(?=/|$)")


async def with_places(store: Store, path: str) -> str:
    """Return a path with the place of an item, from 0, instead of its id; as it is if it names none that there is."""
    found = _ID.match(path)
    ids = await _ids(store, found[2]) if found else []
    return f"{found[1]}#{ids.index(found[3])}{path[found.end() :]}" if found and found[3] in ids else path


async def with_ids(store: Store, path: str) -> str:
    """Return the path of the item at a place. Raises ActionRefused if there is none."""
    found = _PLACE.match(path)
    if found is None:
        return path
    ids, place = await _ids(store, found[2]), int(found[3])
    if place >= len(ids):
        raise ActionRefused("What staff worked on is not there.")
    return f"{found[1]}{ids[place]}{path[found.end() :]}"


async def _ids(store: Store, kind: str) -> list[str]:
    table = TABLES[kind]
    async with store.read() as db:
        rows = await db.scalars(select(table.c.id).order_by(literal_column(f"{table.name}.rowid")))  # SQLite's
    return [str(id) for id in rows]
