"""After a backup is restored, under a worker that goes on, each text of it has been sent once."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.backup.restore import restore
from ivr.backup.take import take
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.faults import Fault
from ivr.store.audit import By
from tests.store import postgres
from tests.store.conftest import SECRETS
from tests.worker.conftest import Work

TEXTS = ("One.", "Two.", "Three.")


@pytest.fixture
async def backup(work: Work, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup in which three texts wait."""
    if url.startswith("postgresql"):
        monkeypatch.setenv("PATH", f"{postgres.start().server.bin_path}:{os.environ['PATH']}")
    for text in TEXTS:
        await work.enqueue(text)
    return (await take(url, tmp_path / "backup", By("Sam", work.clock()), SECRETS)).file


async def restore_under(work: Work, url: str, backup: Path) -> None:
    """Restore it under the worker, which has a SQLite file open that is replaced: its own locks do not stop it here."""
    await restore(url, backup, By("Sam", work.clock()), SECRETS, lambda plan: None, force=True)
    await work.store.close()  # the next transaction opens the new file
    assert {text.state for text in await work.texts()} == {"unknown"}


async def restored(work: Work, url: str, backup: Path) -> list[str]:
    """Restore it five minutes later, let ten more pass, and return the texts that the provider was given."""
    work.clock.passes(300)
    await restore_under(work, url, backup)
    await work.seconds_pass(600)
    return sorted(message.body for message in work.twilio.messages)


async def test_texts_that_were_sent_since_are_not_sent_again(work: Work, url: str, backup: Path) -> None:
    await work.outbox.send_due()
    await work.twilio.callbacks_delivered()
    assert await restored(work, url, backup) == sorted(TEXTS)
    assert {text.state for text in await work.texts()} <= {"sent", "delivered"}


async def test_texts_that_were_not_sent_since_are_sent_once(work: Work, url: str, backup: Path) -> None:
    assert await restored(work, url, backup) == sorted(TEXTS)
    assert {text.state for text in await work.texts()} <= {"sent", "delivered"}


async def test_a_text_that_a_worker_is_sending_at_that_moment_is_sent_once(work: Work, url: str, backup: Path) -> None:
    """It is looked for a second time before it is sent: the first time it was not at the provider yet."""
    claimed = await work.claims_one(timedelta(minutes=1))
    await restore_under(work, url, backup)
    await work.seconds_pass(10)
    work.twilio.inject(Fault(statuses=()))
    await work.provider.send(claimed.to, claimed.body, SENDER, work.sender.status_url(claimed.id))
    await work.seconds_pass(600)
    assert sorted(message.body for message in work.twilio.messages) == sorted(TEXTS)
