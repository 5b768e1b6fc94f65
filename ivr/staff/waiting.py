"""Pages of what waits for staff, and of what they have finished with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import audit, finished_list, waiting_list
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.finished_list import FinishedItem
from ivr.store.item_kinds import ItemKind
from ivr.store.waiting_list import WAITING_KINDS, WaitingItem

PER_PAGE = 50
Item = TypeVar("Item")


@dataclass(frozen=True)
class ListPage(Generic[Item]):
    """One page of a list, counted from 1, and whether there is another."""

    items: Sequence[Item]
    number: int
    has_more: bool


def page_of(found: Sequence[Item], number: int) -> ListPage[Item]:
    """Return a page of what was read, which is one more than a page has if there is another."""
    return ListPage(found[:PER_PAGE], number, len(found) > PER_PAGE)


def offset_of(page: int) -> int:
    """Return how many items stand before a page."""
    return max(page - 1, 0) * PER_PAGE


async def read(
    db: AsyncConnection, by: By, page: int = 1, kinds: Collection[ItemKind] = WAITING_KINDS
) -> ListPage[WaitingItem]:
    """Return what waits: by the legal date that the caller was told, then by when it came.

    What `by` wanted to be reminded of by now is on top.
    """
    found = await waiting_list.read(db, by.who, by.at, PER_PAGE + 1, offset_of(page), kinds)
    return page_of(found, page)


async def finished(
    db: AsyncConnection, cipher: Cipher, by: By, page: int = 1, wanted: str = ""
) -> ListPage[FinishedItem]:
    """Return what is finished, the latest first: all, or by number, id or who did it.

    A search may find one caller, so it stands in the audit log, without what was searched for.
    """
    if wanted.strip():
        await audit.write(db, by, "finished items: searched")
    return page_of(await finished_list.read(db, cipher, PER_PAGE + 1, offset_of(page), wanted), page)
