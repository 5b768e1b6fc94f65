"""What strangers wrote and called themselves is listed as words: no escape, no line of ours, no markup."""

import asyncio
import json
import sys
from unicodedata import category

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from ivr.cli import app
from ivr.engine.environment import OneOffHoliday
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.opening_hours import Closure
from ivr.store import audit, callback_attempts, closures, emergency_messages, one_off_holidays, rota, sms_inbox
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.tables import callbacks as callbacks_table
from ivr.store.tables import voicemails
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, DAY, NOW, PARENT, callback_items, request_callback
from tests.store.voicemail_driver import Caller
from tests.test_printable import unseen

ACTING = "".join(one for one in map(chr, range(1, sys.maxunicode)) if category(one) in ("Cc", "Cf", "Zl", "Zp"))
"""Every character that a terminal may act on, or that turns others around (PostgreSQL keeps no NUL)."""
WORDS = f"[red]help[/red]{ACTING}please"
LISTS = ("inbox", "messages --all", "callbacks", "rota", "rota log", "closures", "holidays", "emergency")
EXPORT = f"export {PARENT} --yes"
BY = By(WORDS, NOW)


@pytest.fixture(autouse=True)
def written(url: str) -> None:
    """Whatever a stranger, or somebody of the staff, can write, stands in every table that is listed."""
    asyncio.run(write(url))


async def write(url: str) -> None:
    async with Store(url, SECRETS, 30) as store:
        caller = Caller(store)
        await caller.submit(await caller.leave())
        await request_callback(store)
        [item] = await callback_items(store)
        async with store.begin() as db:
            await sms_inbox.receive(db, store.cipher, "SM1", PARENT, WORDS, NOW)
            await rota.add(db, store.cipher, WORDS, ADVISER, BY)
            await closures.add(db, Closure(NOW, NOW + DAY, WORDS), BY)
            await emergency_messages.replace(db, EmergencyMessage(WORDS, NOW + DAY), BY)
            await one_off_holidays.add(db, OneOffHoliday(NOW.date(), WORDS), BY)
            await audit.write(db, BY, WORDS)
            await callback_attempts.add(db, item.id, WORDS, WORDS, NOW)
            await db.execute(update(callbacks_table).values(topic=WORDS, part=WORDS, by=WORDS))
            await db.execute(update(voicemails).values(topic=WORDS, by=WORDS))


def printed(words: str) -> str:
    result = CliRunner().invoke(app, words.split())
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("words", [*LISTS, EXPORT])
def test_nothing_that_a_terminal_acts_on_is_listed(words: str) -> None:
    for shown in (printed(words), printed(f"{words} --json")):
        assert "[red]help[/red]" in shown
        assert unseen(shown) == set()


@pytest.mark.parametrize(("words", "lines"), [("inbox", 1), ("messages --all", 1), ("callbacks", 3), ("closures", 1)])
def test_a_stranger_adds_no_line_of_ours(words: str, lines: int) -> None:
    assert len(printed(words).splitlines()) == lines


@pytest.mark.parametrize("words", [*LISTS, EXPORT])
def test_a_machine_reads_what_was_written(words: str) -> None:
    found = str(json.loads(printed(f"{words} --json")))
    assert repr(WORDS)[1:-1] in found
