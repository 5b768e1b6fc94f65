"""`ivr messages`, on both databases."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.engine.content import YOUNG_PERSON
from ivr.store import voicemail_audio, voicemails
from ivr.store.database import Store
from ivr.store.voicemail_audio import MOST_TRIES, PendingRecording
from ivr.tokens import RECORDING_LINK_LIFETIME, RecordingLinks
from tests.store.conftest import SECRETS
from tests.store.fixtures import MINUTE, NOW, PARENT
from tests.store.voicemail_driver import ANOTHER, RECORDING, Caller

SOUND = b"RIFF and so on"
LINKS = RecordingLinks("http://localhost:8000", [bytes(32)])


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["messages", *arguments])


def left(url: str) -> tuple[str, str, str]:
    """Three messages: one that is here, one that is still coming from somebody withheld, one that was lost."""

    async def write() -> tuple[str, str, str]:
        async with Store(url, SECRETS, 30) as store:
            caller = Caller(store)
            here = await caller.leave()
            coming = await Caller(store, "CA2", "anonymous", NOW + MINUTE).leave("RE" + "3" * 32)
            lost = await Caller(store, "CA3", now=NOW + 2 * MINUTE, audience=YOUNG_PERSON).leave(ANOTHER)
            for id in (here, coming, lost):
                await caller.submit(id)
            async with store.begin() as db:
                await voicemail_audio.save(db, store.cipher, PendingRecording(here, RECORDING, 1), SOUND)
                await voicemail_audio.failed(db, PendingRecording(lost, ANOTHER, MOST_TRIES), NOW)
            return here, coming, lost

    return asyncio.run(write())


def test_the_list_is_empty_when_nothing_waits(url: str) -> None:
    assert ivr().stdout == "No messages are waiting.\n"
    assert json.loads(ivr("--json").stdout) == []


def test_the_list_shows_what_waits_the_oldest_first(url: str) -> None:
    here, coming, lost = left(url)
    about = "0:42  waiting  deadline, last day 14 Dec 2026"
    assert ivr().stdout.splitlines() == [
        f"{here[:8]}  Mon 23 Nov 2026 10:00  {about}  {PARENT}",
        f"{coming[:8]}  Mon 23 Nov 2026 10:01  {about}  number withheld  (not fetched yet)",
        f"{lost[:8]}  Mon 23 Nov 2026 10:02  {about}, the young person  {PARENT}"
        f"  (cannot be fetched: look for {ANOTHER} at the telephone company)",
    ]


def test_the_list_can_be_read_by_a_machine(url: str) -> None:
    here, *_ = left(url)
    first, *_ = json.loads(ivr("--json").stdout)
    assert (first["id"], first["number"], first["deadline"], first["sound"]) == (here, PARENT, "2026-12-14", "here")


def test_a_message_is_done_by_somebody_and_leaves_the_list(url: str) -> None:
    here, coming, _ = left(url)
    assert "deleted in thirty days" in ivr("done", here[:8], "--by", "Ruth").stdout
    assert "It was done before, by Ruth." in ivr("done", here[:8], "--by", "Ada").stdout
    assert here[:8] not in ivr().stdout
    assert "done by Ruth" in ivr("--all").stdout
    ivr("done", coming)
    assert "done by " in ivr("--all").stdout.splitlines()[1]


def test_a_machine_reads_what_became_of_a_message(url: str) -> None:
    here, *_ = left(url)
    now = json.loads(ivr("done", here, "--by", "Ruth", "--json").stdout)
    assert (now["id"], now["state"], now["by"], now["began"]) == (here, "done", "Ruth", NOW.isoformat())
    log = json.loads(CliRunner().invoke(app, ["rota", "log", "--json"]).stdout)
    assert [(entry["who"], entry["what"]) for entry in log] == [("Ruth", f"message {here[:8]}: done")]


def test_a_message_is_heard_at_an_address_for_ten_minutes(url: str) -> None:
    here, *_ = left(url)
    address = ivr("play", here[:8].upper()).stdout.strip()
    assert address.startswith("http://localhost:8000/recordings/")
    assert LINKS.open(address.rpartition("/")[2]) == (here, NOW + RECORDING_LINK_LIFETIME)
    assert json.loads(ivr("play", here, "--json").stdout) == {"address": address}


def test_a_message_is_saved_into_a_file(url: str, tmp_path: Path) -> None:
    here, *_ = left(url)
    file = tmp_path / "new" / "message.wav"
    assert ivr("play", here[:8], "--save", str(file)).stdout == f"Saved in {file}.\n"
    assert file.read_bytes() == SOUND


def test_who_has_heard_a_message_is_in_the_audit_log(url: str, tmp_path: Path) -> None:
    here, coming, _ = left(url)
    ivr("play", here, "--by", "Ruth")
    ivr("play", here, "--by", "Ada", "--save", str(tmp_path / "message.wav"))
    ivr("play", coming, "--by", "Ada")  # it cannot be heard
    log = json.loads(CliRunner().invoke(app, ["rota", "log", "--json"]).stdout)
    assert [(entry["who"], entry["what"]) for entry in log] == [
        ("Ada", f"message {here[:8]}: sound saved to a file"),
        ("Ruth", f"message {here[:8]}: link to hear it"),
    ]


def test_what_cannot_be_heard_is_said_in_words(url: str) -> None:
    _, coming, lost = left(url)
    for id, why in ((coming, "not fetched yet"), (lost, "cannot be fetched")):
        result = ivr("play", id[:8])
        assert result.exit_code == 1
        assert why in result.stderr


@pytest.mark.parametrize("command", ["play", "done"])
@pytest.mark.parametrize("id", ["", "%", "zzzz"])
def test_a_message_that_is_not_in_the_list_is_not_found(url: str, command: str, id: str) -> None:
    left(url)
    result = ivr(command, id)
    assert result.exit_code == 1
    assert result.stderr == f"No message has an id that begins with “{id}”.\n"


def test_a_beginning_that_two_messages_have_names_neither(url: str) -> None:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store:
            for number in range(17):  # there are sixteen letters that a name can begin with
                caller = Caller(store, f"CA{number}")
                await caller.submit(await caller.leave())
            async with store.begin() as db:
                assert not await voicemails.done(db, "nothing", "Ruth", NOW)

    asyncio.run(write())
    told = [ivr("play", letter).stderr for letter in "0123456789abcdef"]
    assert any("messages have an id that begins with" in line for line in told)
