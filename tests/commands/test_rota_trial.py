"""`ivr rota test-ring` and `ivr rota calendar`."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest
from typer.testing import CliRunner

from ivr import wiring
from ivr.cli import app
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store import legs
from ivr.store.database import Store
from tests.commands.test_rota import JO, NOW, done, read, refused
from tests.fake_provider import FakeProvider
from tests.store.conftest import SECRETS, sqlite_url

PROVIDER = {
    **{"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": "token", "IVR_CALLER_ID": "+441632960000"},
    "IVR_PUBLIC_URL": "http://localhost:8000",
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture(autouse=True)
def set_up(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jo on the rota, on a Monday morning."""
    monkeypatch.chdir(tmp_path)
    settings = {"IVR_DEV": "1", "IVR_NOW": NOW, "COLUMNS": "200", "DATABASE_URL": url}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    done("rota", "add", "Jo Marsh", JO)
    done("rota", "shift", "Jo Marsh", "tue", "09:00-13:00")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    """A fake of the provider, and what it takes to place calls."""
    fake = FakeProvider()
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(wiring, "build_provider", lambda *_, **__: fake.client())
    return fake


@contextmanager
def telephone(url: str, status: str) -> Iterator[None]:
    """Have the provider tell of the next ring, or somebody press 1 (`confirmed`), as soon as it rings."""

    async def tell() -> bool:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            rung = [leg for leg in await legs.live(db) if leg.sid]
            for leg in rung:
                if status == "confirmed":
                    await legs.confirm(db, leg.id, leg.since)
                else:
                    await legs.record_status(db, leg.id, str(leg.sid), status, leg.since)
        return bool(rung)

    def watch() -> None:
        while not asyncio.run(tell()) and not stop.is_set():
            sleep(0.05)

    stop, watching = threading.Event(), threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()


def test_it_tells_that_calls_reach_them(url: str, fake: FakeProvider) -> None:
    with telephone(url, "confirmed"):
        assert done("rota", "test-ring", "jo marsh", "--by", "Pat") == "It works: they picked up and pressed 1.\n"
    assert fake.rung == [JO]
    assert done("rota", "log").splitlines()[0].endswith("Pat: test ring of Jo Marsh")


def test_it_tells_by_its_exit_code_that_they_do_not(url: str, fake: FakeProvider) -> None:
    with telephone(url, "no-answer"):
        result = CliRunner().invoke(app, ["rota", "test-ring", "Jo Marsh", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "name": "Jo Marsh",
        "works": False,
        "says": "It rang, and nobody picked up.",
    }


def test_at_night_it_rings_only_after_a_yes(url: str, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_NOW", "2026-11-23T21:00:00+00:00")
    assert "It is 21:00. Shall the telephone of Jo Marsh ring at this hour?" in refused("rota", "test-ring", "Jo Marsh")
    assert fake.rung == []
    with telephone(url, "confirmed"):
        done("rota", "test-ring", "Jo Marsh", "--yes")
    assert fake.rung == [JO]


def test_nobody_is_rung_whom_the_rota_does_not_have_or_without_an_account(fake: FakeProvider) -> None:
    assert "“Zoe” is not on the rota; those on it: Jo Marsh." in refused("rota", "test-ring", "Zoe")
    assert fake.rung == []


def test_without_an_account_the_settings_are_named() -> None:
    assert "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set" in refused(
        "rota", "test-ring", "Jo Marsh"
    )


def test_an_address_for_a_calendar_is_printed_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_PUBLIC_URL", "http://localhost:8000/ivr")
    made = done("rota", "calendar", "jo marsh", "--by", "Pat")
    assert made.startswith("jo marsh, for a calendar: http://localhost:8000/console/calendar/") and ".ics" in made
    everybody = read("rota", "calendar", "--json")
    assert everybody["name"] is None and everybody["address"].endswith(".ics")
    assert done("rota", "calendar", "Jo Marsh", "--end") == "Jo Marsh: no calendar reads the shifts any more.\n"
    assert done("rota", "calendar", "Jo Marsh", "--end") == "Jo Marsh: there was no address.\n"
    assert read("rota", "calendar", "--end", "--json") == {"name": None, "ended": True}
    assert "not on the rota" in refused("rota", "calendar", "Zoe")
    log = done("rota", "log")
    assert "Pat: calendar address made for Jo Marsh" in log and "calendar address made for the whole rota" in log
    assert "/console/calendar/" not in log
