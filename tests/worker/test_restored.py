"""After a backup is restored, under a worker that goes on, each text of it has been sent once."""

import os
from pathlib import Path

import pytest

from ivr.backup.restore import restore
from ivr.backup.take import take
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


async def restored(work: Work, url: str, backup: Path) -> list[str]:
    """Restore it five minutes later, let ten more pass, and return the texts that the provider was given."""
    work.clock.passes(300)
    await restore(url, backup, By("Sam", work.clock()), SECRETS, lambda plan: None, force=True)
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
