"""`ivr texts` and `ivr optouts`, on both databases."""

import asyncio
import json

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import opt_outs, sms_results
from ivr.store.database import Store
from ivr.store.opt_outs import OptOutSource
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW, OTHER, PARENT, claim_texts, enqueue_text

REASON = "it could not be sent while it was still of use: the provider answered 500"


def ivr(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=input)


def given_up(url: str) -> str:
    """Write one text that was given up and one that waits; return the id of the first."""

    async def write() -> str:
        async with Store(url, SECRETS, 30) as store:
            await enqueue_text(store)
            [text] = await claim_texts(store)
            async with store.begin() as db:
                await sms_results.failed(db, text.id, REASON, NOW)
            await enqueue_text(store, "another", OTHER)
            return text.id

    return asyncio.run(write())


def opted_out(url: str, source: OptOutSource) -> None:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            await opt_outs.opt_out(db, store.cipher.blind_index(PARENT), NOW, source)

    asyncio.run(write())


def audited() -> list[str]:
    return [entry["what"] for entry in json.loads(ivr("rota", "log", "--json").stdout)]


def test_the_list_has_what_failed_with_its_reason_and_no_number_unless_asked(url: str) -> None:
    assert ivr("texts").stdout == "No text has failed.\n"
    id = given_up(url)
    assert ivr("texts").stdout == f"{id[:8]}  Mon 23 Nov 2026 10:00  failed  school  {REASON}\n"
    assert PARENT in ivr("texts", "--numbers").stdout
    assert len(ivr("texts", "--all").stdout.splitlines()) == 2
    [listed] = json.loads(ivr("texts", "--json").stdout)
    assert (listed["id"], listed["state"], listed["reason"], listed["number"]) == (id, "failed", REASON, None)


def test_a_failed_text_is_sent_again_by_somebody(url: str) -> None:
    id = given_up(url)
    assert ivr("texts", "retry", id[:8], "--by", "Ruth").stdout == f"Text {id[:8]} is sent again.\n"
    assert ivr("texts").stdout == "No text has failed.\n"
    assert audited() == [f"text {id[:8]}: sent again"]
    refused = ivr("texts", "retry", id[:8])
    assert (refused.exit_code, refused.stderr) == (1, f"Text {id[:8]} has not failed: it is waiting.\n")


def test_no_text_is_sent_again_to_whoever_said_stop(url: str) -> None:
    id = given_up(url)
    opted_out(url, OptOutSource.caller)
    refused = ivr("texts", "retry", id)
    assert (refused.exit_code, "said STOP" in refused.stderr) == (1, True)


@pytest.mark.parametrize("id", ["", "%", "zzzz"])
def test_a_text_that_is_not_there_is_not_found(url: str, id: str) -> None:
    given_up(url)
    assert ivr("texts", "retry", id).stderr == f"No text has an id that begins with “{id}”.\n"


def test_staff_set_look_up_and_lift_an_opt_out(url: str) -> None:
    assert "it is texted" in ivr("optouts", "show", "07700 900123").stdout
    assert "`ivr optouts lift` lifts that." in ivr("optouts", "add", "07700 900123", "--by", "Ruth").stdout
    assert json.loads(ivr("optouts", "show", PARENT, "--json").stdout) == {
        "since": NOW.isoformat(),
        "staff_can_lift": True,
    }
    assert "it is texted" in ivr("optouts", "lift", PARENT, "--yes").stdout
    assert audited() == ["opt-out: one lifted", "opt-out: one set"]


@pytest.mark.parametrize(("answer", "lifted"), [("y\n", True), ("n\n", False), ("", False)])
def test_lifting_asks_first(url: str, answer: str, lifted: bool) -> None:
    opted_out(url, OptOutSource.caller)
    told = ivr("optouts", "lift", PARENT, input=answer)
    assert (told.exit_code == 0, "it is texted" in ivr("optouts", "show", PARENT).stdout) == (lifted, lifted)


def test_what_the_provider_holds_only_the_person_can_lift(url: str) -> None:
    opted_out(url, OptOutSource.provider)
    refused = ivr("optouts", "lift", PARENT, "--yes")
    assert (refused.exit_code, "until they text START to our number" in refused.stderr) == (1, True)
    assert "until they text START to our number" in ivr("optouts", "show", PARENT).stdout


@pytest.mark.parametrize("command", ["show", "add", "lift"])
def test_what_is_no_number_is_refused(url: str, command: str) -> None:
    assert ivr("optouts", command, "0770").exit_code == 2
