"""Any entry of the audit log that is changed, removed, put in or moved is found and named."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from re import sub
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.staff.audit import Verified, verify
from ivr.store import audit, purge_rounds
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.purge_rounds import GRACE
from ivr.store.retention import purge
from ivr.store.tables import audit_ends, audit_log
from tests.store.conftest import SECRETS, sqlite_url
from tests.store.fixtures import DAY, MINUTE, NOW

Tampering = Callable[[AsyncConnection], Awaitable[Any]]
ENTRIES = 6


async def fill(store: Store, entries: int = ENTRIES) -> None:
    for n in range(1, entries + 1):
        async with store.begin() as db:
            await audit.write(db, By("Sam", NOW + n * MINUTE, "a1" if n % 2 else None), f"change {n}")


async def after(store: Store, tampering: Tampering) -> Verified:
    async with store.begin() as db:
        await tampering(db)
    return await verify(store)


def begins(found: Verified) -> list[str]:
    """Return the findings without when and by whom."""
    return [sub(r" \(23 Nov[^)]*\)", "", finding) for finding in found.findings]


async def move(db: AsyncConnection, n: int, to: int) -> None:
    """Swap two entries."""
    for old, new in ((n, -1), (to, n), (-1, to)):
        await db.execute(update(audit_log).where(audit_log.c.n == old).values(n=new))


def values(n: int, **changed: Any) -> Tampering:
    return lambda db: db.execute(update(audit_log).where(audit_log.c.n == n).values(**changed))


def without(*entries: int) -> Tampering:
    return lambda db: db.execute(delete(audit_log).where(audit_log.c.n.in_(entries)))


def put_in(**more: Any) -> Tampering:
    return lambda db: db.execute(insert(audit_log).values(at=NOW, who="Mallory", what="nothing", **more))


async def shorten(db: AsyncConnection) -> None:
    """Remove the last entry, and write down the one before it as the last."""
    await without(ENTRIES)(db)
    seal = await db.scalar(select(audit_log.c.seal).where(audit_log.c.n == ENTRIES - 1))
    await db.execute(update(audit_ends).where(audit_ends.c.end == "last").values(n=ENTRIES - 1, seal=seal))


async def copy(db: AsyncConnection) -> None:
    """Put a copy of an entry at the end."""
    row = (await db.execute(select(audit_log).where(audit_log.c.n == 2))).one()._asdict()
    await db.execute(insert(audit_log).values(**row | {"n": ENTRIES + 1}))


CHANGED = "was changed: its seal is not that of its words."
REMOVED = "One or more entries before Entry {} were removed."


@pytest.mark.parametrize(
    ("tampering", "findings"),
    [
        pytest.param(values(3, what="another"), [f"Entry 3 {CHANGED}"], id="words"),
        pytest.param(values(3, who="Jo"), [f"Entry 3 {CHANGED}"], id="who"),
        pytest.param(values(3, account=None), [f"Entry 3 {CHANGED}"], id="account"),
        pytest.param(values(4, account="a1"), [f"Entry 4 {CHANGED}"], id="account put in"),
        pytest.param(values(3, at=NOW), [f"Entry 3 {CHANGED}"], id="time"),
        pytest.param(values(6, what="another"), [f"Entry 6 {CHANGED}"], id="the last"),
        pytest.param(values(3, seal=b"x" * 32), [f"Entry 3 {CHANGED}"], id="seal"),
        pytest.param(without(3), [REMOVED.format(4)], id="one removed"),
        pytest.param(without(2, 3, 5), [REMOVED.format(4), REMOVED.format(6)], id="several removed"),
        pytest.param(without(1, 2), [REMOVED.format(3)], id="the first removed"),
        pytest.param(
            without(5, 6), ["One or more entries at the end of the log were removed: the last had number 6."], id="end"
        ),
        pytest.param(
            without(*range(9)),
            ["One or more entries at the end of the log were removed: the last had number 6."],
            id="all",
        ),
        pytest.param(
            lambda db: move(db, 2, 3),
            [f"Entry {n} stands out of order: it was written after entry {m}." for n, m in ((2, 3), (3, 1), (4, 2))],
            id="two swapped",
        ),
        pytest.param(
            put_in(),
            ["Entry 7 has no seal: it was put in, or written with an IVR_SECRET_KEY that does not fit the database."],
            id="put in without seal",
        ),
        pytest.param(
            put_in(previous=b"p", seal=b"s"),
            ["Entry 7 was put in: its seal is not ours, and the chain goes on without it."],
            id="put in with a seal",
        ),
        pytest.param(
            copy,
            [
                "Entry 7 stands out of order: it was written after entry 1.",
                "Entry 6 stands out of order: it was written last.",
            ],
            id="copied",
        ),
        pytest.param(shorten, ["The record of where the log ends was changed (audit_ends)."], id="shortened"),
        pytest.param(
            lambda db: db.execute(delete(audit_ends)),
            [f"The record of where the log {where} was removed (audit_ends)." for where in ("begins", "ends")],
            id="ends removed",
        ),
    ],
)  # fmt: skip
async def test_what_was_tampered_with_is_named(store: Store, tampering: Tampering, findings: list[str]) -> None:
    await fill(store)
    assert sorted(begins(await after(store, tampering))) == sorted(findings)


async def test_an_untouched_log_is_whole_and_says_its_seal(store: Store) -> None:
    assert await verify(store) == Verified(0, 0, None, ())
    await fill(store)
    found = await verify(store)
    assert (found.chained, found.unchained, found.findings) == (ENTRIES, 0, ())
    async with store.begin() as db:
        assert found.seal == (await db.scalar(select(audit_log.c.seal).where(audit_log.c.n == ENTRIES)) or b"").hex()


async def test_entries_from_before_the_chain_are_counted_and_may_not_come_later(store: Store) -> None:
    async with store.begin() as db:
        await put_in()(db)
    await fill(store, 2)
    found = await verify(store)
    assert (found.chained, found.unchained, found.findings) == (2, 1, ())


async def test_a_seal_that_was_written_down_is_found_until_an_older_copy_is_put_back(store: Store) -> None:
    await fill(store, 3)
    async with store.begin() as db:
        older = [dict(row._mapping) for row in await db.execute(select(audit_ends))]
    seal = (await verify(store)).seal or ""
    await fill(store, 2)
    newer = (await verify(store)).seal or ""
    for known in (seal, seal[:16].upper(), newer):
        assert (await verify(store, known)).findings == ()
    async with store.begin() as db:
        await without(4, 5)(db)
        for row in older:
            await db.execute(update(audit_ends).where(audit_ends.c.end == row["end"]).values(**row))
    assert (await verify(store, seal)).findings == ()
    [finding] = (await verify(store, newer)).findings
    assert finding.startswith(f"No entry has the seal {newer}")


@pytest.mark.parametrize("seal", ["3f9a", "a seal that is none", "3f9a0c1d2e4b5a6x"])
async def test_what_is_no_seal_is_refused(store: Store, seal: str) -> None:
    with pytest.raises(InvalidInput, match="is no seal"):
        await verify(store, seal)


async def purge_at(store: Store, at: Any) -> int:
    async with store.begin() as db:
        await purge_rounds.take_back(db)
        await purge_rounds.begin(db, at - GRACE)
        return (await purge(db, at))["audit_log"]


async def test_the_purge_keeps_the_chain_whole(store: Store) -> None:
    await fill(store)
    assert await purge_at(store, NOW + 365 * DAY + 4 * MINUTE) == 3
    found = await verify(store)
    assert (found.chained, found.findings) == (3, ())
    assert begins(await after(store, without(4))) == [REMOVED.format(5)]


async def test_the_chain_goes_on_after_the_purge_has_taken_all(store: Store) -> None:
    await fill(store)
    assert await purge_at(store, NOW + 400 * DAY) == ENTRIES
    assert (await verify(store)).findings == ()
    await fill(store, 2)
    found = await verify(store)
    assert (found.chained, found.findings) == (2, ())
    assert len((await after(store, put_in())).findings) == 1


async def test_an_entry_of_a_clock_that_was_behind_takes_no_newer_one_with_it(store: Store) -> None:
    async with store.begin() as db:
        await audit.write(db, By("Sam", NOW), "now")
        await audit.write(db, By("Sam", NOW - timedelta(days=3000)), "a clock that was behind")
    assert await purge_at(store, NOW + 300 * DAY) == 0
    assert (await verify(store)).findings == ()


async def test_a_change_of_the_secret_leaves_the_chain_whole(store: Store, url: str) -> None:
    await fill(store, 2)
    async with Store(url, [b"n" * 32, *SECRETS], 30) as both:
        await fill(both, 2)
    async with Store(url, [b"n" * 32], 30) as new:
        await fill(new, 2)
        found = await verify(new)
    assert (found.chained, found.findings) == (6, ())


async def test_entries_of_many_at_once_make_one_chain(store: Store, url: str) -> None:
    async with Store(url, SECRETS, 30) as other:
        await asyncio.gather(*(fill(one, 5) for one in (store, other, store, other)))
    found = await verify(store)
    assert (found.chained, found.findings) == (20, ())


columns = st.sampled_from(["who", "what", "account", "at", "previous", "seal"])
entries = st.integers(1, ENTRIES)


@given(n=entries, to=entries, column=columns, how=st.sampled_from(["change", "remove", "swap", "copy words"]))
@settings(max_examples=60)
def test_any_single_change_removal_or_swap_is_found(
    tmp_path_factory: pytest.TempPathFactory, n: int, to: int, column: str, how: str
) -> None:
    asyncio.run(_found(tmp_path_factory.mktemp("log"), n, to, column, how))


async def _found(folder: Path, n: int, to: int, column: str, how: str) -> None:
    async with Store(sqlite_url(folder), SECRETS, 30) as store:
        await fill(store)
        async with store.begin() as db:
            before = [tuple(row) for row in await db.execute(select(audit_log).order_by(audit_log.c.n))]
            if how == "remove":
                await without(n)(db)
            elif how == "swap":
                await move(db, n, to) if n != to else None
            else:
                source = audit_log.alias()
                other = select(source.c[column]).where(source.c.n == to).scalar_subquery()
                new: Any = (
                    other if how == "copy words" else {"at": NOW, "previous": b"x", "seal": b"x"}.get(column, "x")
                )
                await values(n, **{column: new})(db)
            same = before == [tuple(row) for row in await db.execute(select(audit_log).order_by(audit_log.c.n))]
        assert bool((await verify(store)).findings) is not same
