"""What is finished can be found, the latest first: by number, by id, and by who finished it."""

import pytest

from ivr.store import callback_list, finished_list, sms_inbox, voicemails
from ivr.store.database import Store
from ivr.store.finished_list import FinishedItem
from ivr.store.item_kinds import ItemKind
from tests.store.fixtures import HOUR, MINUTE, NOW, OTHER, callback_items, request_callback
from tests.store.test_waiting_list import message, text_in


async def finished(store: Store, wanted: str = "", limit: int = 50, offset: int = 0) -> list[FinishedItem]:
    async with store.begin() as db:
        return await finished_list.read(db, store.cipher, limit, offset, wanted)


@pytest.fixture
async def ids(store: Store) -> dict[str, str]:
    """A call back that was given up, a message and a text that are done, in that order; the first is of OTHER."""
    await request_callback(store, number=OTHER)
    [item] = await callback_items(store)
    left, text = await message(store), await text_in(store)
    async with store.begin() as db:
        await callback_list.settle(db, item.id, "Ann", NOW + MINUTE, reached=False)
        await voicemails.done(db, left, "Ben O'Brien", NOW + 2 * MINUTE)
        await sms_inbox.done(db, text, "ann", NOW + HOUR)
    return {"callback": item.id, "message": left, "text": text}


async def test_the_latest_comes_first_page_by_page(store: Store, ids: dict[str, str]) -> None:
    found = await finished(store)
    assert [(one.kind, one.by, one.gave_up) for one in found] == [
        (ItemKind.text, "ann", False),
        (ItemKind.message, "Ben O'Brien", False),
        (ItemKind.callback, "Ann", True),
    ]
    assert [one.finished for one in found] == [NOW + HOUR, NOW + 2 * MINUTE, NOW + MINUTE]
    assert [one.id for one in await finished(store, limit=1, offset=1)] == [ids["message"]]


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ("07700 900 456", ["callback"]),
        ("+44 7700 900123", ["text", "message"]),
        ("ANN", ["text", "callback"]),
        ("o'brien", ["message"]),
        ("%", []),
        ("01632 960999", []),
    ],
)
async def test_it_is_found_by_number_and_by_name(
    store: Store, ids: dict[str, str], wanted: str, kinds: list[str]
) -> None:
    assert [one.kind for one in await finished(store, wanted)] == kinds


async def test_it_is_found_by_the_beginning_of_its_id(store: Store, ids: dict[str, str]) -> None:
    for kind, id in ids.items():
        assert [one.kind for one in await finished(store, id[:8].upper())] == [kind]
