"""`ivr inbox` and `ivr talks`, on both databases."""

import asyncio
import json

from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import sms_inbox
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import BODY, NOW, PARENT
from tests.store.test_talk_list import talked


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def text_came(url: str, body: str = BODY, media: int = 0) -> str:
    """Receive a text; return the beginning of its id."""

    async def write() -> str:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            await sms_inbox.receive(db, store.cipher, f"SM{body}", PARENT, body, NOW, media=media)
            return (await sms_inbox.read(db, store.cipher, 1))[0].id[:8]

    return asyncio.run(write())


def test_a_text_is_claimed_done_and_waits_again(url: str) -> None:
    id = text_came(url)
    for words, state in (
        (("claim", id, "--by", "Ann"), "claimed by Ann"),
        (("release", id, "--by", "Ann"), "waiting"),
        (("done", id, "--by", "Ann"), "done by Ann"),
        (("undo", id, "--by", "Ben"), "waiting"),
        (("note", id, "rings at night", "--by", "Ben"), "waiting"),
    ):
        assert ivr("inbox", *words).exit_code == 0
        assert ivr("inbox").stdout == f"{id}  Mon 23 Nov 2026 10:00  {state}  {PARENT}: {BODY}\n"


def test_what_another_has_claimed_cannot_be(url: str) -> None:
    id = text_came(url)
    ivr("inbox", "claim", id, "--by", "Ann")
    refused = ivr("inbox", "done", id, "--by", "Ben")
    assert (refused.exit_code, refused.stderr.strip()) == (1, "Ann has claimed it.")


def test_an_answer_is_sent_only_where_texts_can_be(url: str) -> None:
    id = text_came(url, "", media=1)
    refused = ivr("inbox", "answer", id, "Please ring us.", "--by", "Ann")
    assert refused.exit_code == 1
    assert "IVR_SMS_FROM" in refused.stderr
    assert "(a picture, which we cannot see)" in ivr("inbox").stdout


def test_talks_tell_who_talked_and_who_did_not_pick_up(url: str) -> None:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store:
            async with store.begin():
                pass
            await talked(store)

    asyncio.run(write())
    first, second = ivr("talks").stdout.splitlines()
    assert "talk  school  somebody of IVR_ADVISERS, 2:00  talked" in first or "not on the rota" in first
    assert "did not pick up (unanswered)" in second
    assert json.loads(ivr("talks", "--json").stdout)[0]["seconds"] == 120
