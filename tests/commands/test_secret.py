"""`ivr secret`: a new secret, how far the change to one is, and sealing anew."""

import asyncio
import json

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.config import Settings
from ivr.store import secrets_in_use
from ivr.store.cipher import fingerprint
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW, enqueue_text

OLD, NEW = "A" * 43, "n" * 42 + "0"
NEW_BYTES = Settings(dev=True, secret_key=NEW).secrets[0]
OLD_NAME, NEW_NAME = fingerprint(SECRETS[0]), fingerprint(NEW_BYTES)


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def has(monkeypatch: pytest.MonkeyPatch, *secrets: str) -> None:
    monkeypatch.setenv("IVR_SECRET_KEY", ",".join(secrets))


def with_a_text(url: str, *running: bytes) -> None:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store:
            await enqueue_text(store)
        async with Store(url, running, 30) as store:
            await secrets_in_use.record_of(store, secrets_in_use.WEB, NOW)

    asyncio.run(write())


def test_a_new_secret_is_printed_and_is_another_each_time() -> None:
    one, other = (ivr("secret").stdout.strip() for _ in "12")
    assert one != other
    assert len(Settings(dev=True, secret_key=f"{one},{other}").secrets) == 2


def test_what_is_sealed_under_which_secret_and_the_next_step_are_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_text(url, NEW_BYTES, *SECRETS)
    has(monkeypatch, NEW, OLD)
    told = ivr("secret", "status").stdout
    assert f"secret 1  {NEW_NAME}  0 values are sealed with it, new values are sealed with it, the newest" in told
    assert f"secret 2  {OLD_NAME}  2 values are sealed with it" in told
    assert f"seen lately: web processes with {NEW_NAME},{OLD_NAME}" in told
    assert "Run `ivr secret rotate`" in told
    assert NEW not in told
    assert OLD not in told


def test_everything_is_sealed_anew_and_that_it_was_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_text(url, NEW_BYTES, *SECRETS)
    has(monkeypatch, NEW, OLD)
    done = json.loads(ivr("secret", "rotate", "--json").stdout)
    assert done["sealed_anew"] == 2
    assert done["secrets"] == [{"secret": NEW_NAME, "sealed": 2}, {"secret": OLD_NAME, "sealed": 0}]
    assert json.loads(ivr("secret", "status", "--json").stdout)["next_step"].startswith("Wait until ")
    assert ivr("secret", "rotate").stdout.startswith("0 values were sealed anew.")


def test_nothing_is_sealed_anew_that_a_running_process_could_not_open(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_text(url, *SECRETS)
    has(monkeypatch, NEW, OLD)
    refused = ivr("secret", "rotate")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Nothing was sealed anew: the web processes with")


@pytest.mark.parametrize("command", [("inbox",), ("rota",), ("secret", "status"), ("secret", "rotate")])
def test_a_secret_that_does_not_fit_is_one_sentence_that_names_it(
    url: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    with_a_text(url, *SECRETS)
    has(monkeypatch, NEW)
    refused = ivr(*command)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"IVR_SECRET_KEY ({NEW_NAME}) does not fit the database of DATABASE_URL")
    assert refused.stderr.count("\n") == 1
