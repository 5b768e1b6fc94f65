"""`ivr caller`, `ivr blocks` and `ivr letter`, as staff use them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store.database import Store
from tests.store.conftest import SECRETS
from tests.store.fixtures import BODY, PARENT, enqueue_text

WHY = "Threatened Jo, twice."


@pytest.fixture(autouse=True)
def database(url: str) -> str:
    return url


def ivr(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=answer)


def done(*arguments: str) -> str:
    result = ivr(*arguments)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def read(*arguments: str) -> Any:
    return json.loads(done(*arguments, "--json"))


def audited() -> list[str]:
    return [entry["what"] for entry in json.loads(done("audit", "--json"))]


def block(*more: str) -> str:
    return done("blocks", "add", "07700", "900123", "--until", "14/12/2026", "--why", WHY, "--yes", *more)


def test_a_caller_is_shown_and_the_look_is_in_the_audit_log(url: str) -> None:
    async def write() -> None:
        async with Store(url, SECRETS, 30) as store:
            await enqueue_text(store)

    assert done("caller", "show", "07700 900456") == "Nothing is kept of this number.\n"
    asyncio.run(write())
    told = done("caller", "show", "07700 900123")
    assert "sent  school  waiting" in told
    assert BODY in told
    assert audited()[:2] == ["a caller: looked up by number"] * 2


def test_whoever_is_blocked_is_listed_without_their_number_and_told_on_their_page() -> None:
    assert done("blocks") == "Nobody is blocked.\n"
    assert "07··· ···123  until the end of Mon 14 Dec 2026" in block("--by", "Max")
    listed = done("blocks", "list")
    assert "07··· ···123" in listed
    assert WHY in listed
    assert "900123" not in done("blocks", "--json").replace(" ", "")
    assert f"Blocked until the end of Mon 14 Dec 2026: {WHY}" in done("caller", "show", PARENT)


def test_a_block_is_ended_by_the_beginning_of_its_id() -> None:
    block()
    [found] = read("blocks")
    assert found["last_day"] == "2026-12-14"
    assert "they are put through again" in done("blocks", "end", found["id"][:6])
    assert read("blocks") == []
    assert ivr("blocks", "end", found["id"][:6]).exit_code == 1
    assert audited()[:2] == [
        f"block {found['id'][:8]}: ended",
        f"block {found['id'][:8]}: a caller blocked until the end of 14 December 2026",
    ]


def test_nobody_is_blocked_by_whoever_does_not_say_yes() -> None:
    asked = ivr("blocks", "add", PARENT, "--until", "a week", "--why", WHY, answer="n\n")
    assert asked.exit_code == 1
    assert "07··· ···123" in asked.stderr
    assert read("blocks") == []


@pytest.mark.parametrize(
    ("number", "until", "why"),
    [
        ("0770", "a week", WHY),
        ("anonymous", "a week", WHY),
        (PARENT, "soon", WHY),
        (PARENT, "2020-01-01", WHY),
        (PARENT, "a week", " "),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(number: str, until: str, why: str) -> None:
    refused = ivr("blocks", "add", number, "--until", until, "--why", why, "--yes")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip().endswith((".", "or choose how long it lasts."))
    assert read("blocks") == []


def test_an_export_tells_of_a_block_and_an_erasure_leaves_it() -> None:
    block()
    [told] = json.loads(done("export", PARENT, "--yes"))["blocks"]
    assert (told["why"], told["until"]) == (WHY, "2026-12-15T00:00:00+00:00")
    done("erase", PARENT, "--yes")
    assert len(read("blocks")) == 1


def test_a_letter_is_a_page_that_needs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "letter.html"
    done("letter", "--topic", "school", "--name", "Jo Hill", "--address", "1 High Street, Exeter", "--out", str(file))
    page = file.read_text("utf-8")
    assert "Dear Jo Hill," in page
    assert "<style>" in page and "<link" not in page.replace('<link rel="icon"', "")
    assert "@page { size: A4" in page
    assert audited()[0] == "a letter: letter printed (school)"


def test_a_letter_about_a_last_day_needs_no_topic() -> None:
    page = done("letter", "--deadline", "14/12/2026", "--large")
    assert "Monday 14 December 2026" in page
    assert "What to do first, and by when" in page
    assert 'class="large"' in page


def test_a_letter_of_nothing_is_refused_with_what_there_is() -> None:
    for arguments in ((), ("--topic", "gardening")):
        refused = ivr("letter", *arguments)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "school: " in refused.stderr
