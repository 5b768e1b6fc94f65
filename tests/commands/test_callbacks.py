"""`ivr callbacks`: staff work through the list, on both databases."""

import asyncio
import json
from datetime import date

import pytest
from typer.testing import CliRunner, Result

from ivr import wiring
from ivr.cli import app
from ivr.engine.content import YOUNG_PERSON
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.tables import advisers
from tests.fake_provider import FakeProvider
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, MINUTE, NOW, OTHER, PARENT, callback_items, request_callback


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["callbacks", *arguments])


def refused(*arguments: str) -> str:
    """The sentence of a refusal: it could not be done."""
    result = ivr(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return "".join(line for line in result.stderr.splitlines(True) if not line.startswith("content: "))


@pytest.fixture(autouse=True)
def callers(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two callers on the list."""
    monkeypatch.setenv("LOGNAME", "ann")
    asyncio.run(with_callers(url))


async def with_callers(url: str) -> None:
    async with Store(url, SECRETS, 30) as store:
        await request_callback(store, "one")
        await request_callback(
            store, "other", OTHER, "", date(2026, 11, 27), "any", at=NOW + MINUTE, audience=YOUNG_PERSON
        )


def ids() -> list[str]:
    return [item["id"] for item in json.loads(ivr("--json").stdout)]


def test_staff_see_who_is_to_be_rung_the_urgent_first(url: str) -> None:
    urgent, other = ids()
    ivr("claim", other, "--by", "Ben")
    ivr("attempt", other, "no answer", "--by", "Ben")
    assert ivr().stdout.splitlines() == [
        f"  1  {urgent[:8]}  URGENT  07700 900 456  no topic, last day Fri 27 Nov 2026, the young person",
        "     asked Mon 23 Nov 10:01, for: any",
        f"  2  {other[:8]}  07700 900 123  school",
        "     asked Mon 23 Nov 10:00, for: morning; Ben has them",
        "     Mon 23 Nov 10:00 Ben: no answer",
    ]


def test_a_machine_reads_the_list(url: str) -> None:
    ivr("attempt", ids()[0], "a mailbox")
    first, second = json.loads(ivr("--json").stdout)
    assert first == {
        "place": 1,
        "id": first["id"],
        "number": OTHER,
        "topic": "",
        "deadline": "2026-11-27",
        "part": "any",
        "asked": "2026-11-23T10:01:00+00:00",
        "urgent": True,
        "by": None,
        "attempts": [{"at": "2026-11-23T10:00:00+00:00", "who": "ann", "how": "a mailbox"}],
        "state": "open",
        "audience": "young_person",
        "may_leave_message": None,
        "remind_at": None,
    }
    assert (second["place"], second["number"], second["deadline"]) == (2, PARENT, None)


def test_one_of_us_claims_a_caller_and_another_cannot(url: str) -> None:
    id, _ = ids()
    assert ivr("claim", id[:6], "--by", "Ann").stdout == "Ann has them for two hours.\n"
    assert refused("claim", id, "--by", "Ben") == "Ann has claimed them.\n"
    assert ivr("release", id, "--by", "Ann").exit_code == 0
    assert ivr("claim", id, "--by", "Ben").exit_code == 0


@pytest.mark.parametrize("command", ["done", "gave-up"])
def test_who_is_settled_is_off_the_list(url: str, command: str) -> None:
    for id in ids():
        assert ivr(command, id).stdout == "Off the list.\n"
    assert ivr().stdout == "Nobody.\n"
    assert json.loads(ivr("--json").stdout) == []


def test_a_machine_reads_a_caller_as_they_are_after_a_change(url: str) -> None:
    id, _ = ids()
    changes = ["claim"], ["attempt", "no answer"], ["release"], ["gave-up"]
    states = [json.loads(ivr(name, id, *more, "--by", "Ann", "--json").stdout) for name, *more in changes]
    assert [state["state"] for state in states] == ["claimed", "claimed", "open", "gave_up"]
    assert [state["by"] for state in states] == ["Ann", "Ann", None, "Ann"]
    assert [attempt["how"] for attempt in states[-1]["attempts"]] == ["no answer"]


def test_every_change_is_written_down_without_what_was_said(url: str) -> None:
    id, _ = ids()
    for name, *more in (["claim"], ["attempt", "his number is 07700 900456"], ["done"]):
        ivr(name, id, *more, "--by", "Ann")
    log = json.loads(CliRunner().invoke(app, ["rota", "log", "--json"]).stdout)
    assert [entry["what"] for entry in log] == [f"callback {id[:8]}: {what}" for what in ("done", "tried", "claimed")]


@pytest.mark.parametrize("id", ["nobody", "", "%"])
def test_whoever_is_not_on_the_list_is_told_so(url: str, id: str) -> None:
    assert refused("claim", id) == f"No callback has an id that begins with “{id}”.\n"


def test_what_two_callers_ids_begin_with_is_neither(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(with_one_for_each_letter(url))
    beginnings = [id[0] for id in ids()]
    twice = next(letter for letter in beginnings if beginnings.count(letter) > 1)
    assert f"callbacks have an id that begins with “{twice}”: write more of it" in refused("done", twice)
    assert len(ids()) == len(beginnings)


async def with_one_for_each_letter(url: str) -> None:
    """So many that two must begin alike: an id begins with one of sixteen letters."""
    async with Store(url, SECRETS, 30) as store:
        for n in range(15):
            await request_callback(store, f"caller {n}", f"+4477009007{n:02}")


# Ringing both ends.


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    """Return a fake of the provider, and set what it takes to place calls."""
    fake = FakeProvider()
    for name, value in (
        ("TWILIO_ACCOUNT_SID", ACCOUNT_SID),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("IVR_CALLER_ID", "+441632960000"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(wiring, "build_provider", lambda *_, **__: fake.client())
    return fake


async def with_ann(url: str) -> None:
    async with Store(url, SECRETS, 30) as store, store.begin() as db:
        sealed = {"number": store.cipher.encrypt(ADVISER), "blind_index": store.cipher.blind_index(ADVISER)}
        await db.execute(advisers.insert().values(id="a1", name="Ann", place=1, away=False, **sealed))


async def holders(url: str) -> set[str | None]:
    async with Store(url, SECRETS, 30) as store:
        return {item.by for item in await callback_items(store)}


@pytest.mark.parametrize("name", ["Ann", "ann", ADVISER, "+44 (0)7700 900001", "07700 900 001"])
def test_an_adviser_is_rung_for_a_caller_who_is_theirs_from_then_on(url: str, fake: FakeProvider, name: str) -> None:
    asyncio.run(with_ann(url))
    assert ivr("ring", ids()[0], "--as", name).stdout == "Ann is being rung.\n"
    assert [(call.fields["To"], call.fields["From"]) for call in fake.calls] == [(ADVISER, "+441632960000")]
    assert asyncio.run(holders(url)) == {"Ann", None}


def test_a_telephone_that_is_not_on_the_rota_is_rung_for_whoever_asks(url: str, fake: FakeProvider) -> None:
    assert ivr("ring", ids()[0], "--as", "+441632960777", "--by", "Ben").stdout == "Ben is being rung.\n"
    assert fake.rung == ["+441632960777"]


def test_a_caller_whom_another_has_is_not_rung(url: str, fake: FakeProvider) -> None:
    ivr("claim", ids()[0], "--by", "Ben")
    assert refused("ring", ids()[0], "--as", ADVISER, "--by", "Ann") == "Ben has claimed them.\n"
    assert fake.calls == []


def test_nobody_rings_whom_the_rota_does_not_have(url: str, fake: FakeProvider) -> None:
    asyncio.run(with_ann(url))
    assert refused("ring", ids()[0], "--as", "Zoe") == "“Zoe” is not on the rota; those on it: Ann.\n"
    assert fake.calls == []


def test_a_number_that_costs_extra_is_never_rung(url: str, fake: FakeProvider) -> None:
    result = ivr("ring", ids()[0], "--as", "0909 879 0456")
    assert (result.exit_code, fake.calls) == (2, [])
    assert "costs extra" in result.stderr


def test_without_an_account_nobody_is_rung(url: str) -> None:
    assert "TWILIO_ACCOUNT_SID" in refused("ring", ids()[0], "--as", ADVISER)
    assert asyncio.run(holders(url)) == {None}
