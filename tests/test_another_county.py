"""Another county takes the program, puts in its own flows and prompts, and writes no line of Python."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from ivr.app import build
from ivr.cli import app
from ivr.commands.lint_context import context_for
from ivr.config import CONTENT, EXAMPLE
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.fallback_document import fallback_document
from ivr.lint.run import findings, problems_in
from ivr.simulator.scenarios.environment import AppFactory, AppProcess, Environment
from ivr.simulator.scenarios.player import PUBLIC_URL, play
from ivr.steps import KINDS
from tests.app_factory import PATIENT
from tests.helplines import helplines_on
from tests.store.conftest import sqlite_url
from tests.test_calls import kept as kept
from tests.test_calls import settings

CALLS = sorted((Path(__file__).parent / "another_county").glob("*.yaml"))
NOW = datetime.fromisoformat("2026-11-29T10:00+00:00")
THEIRS = {"IVR_CONTENT": str(EXAMPLE)}
DRAMA = re.compile(r"\+44(1632960|808157)[0-9]+")
"""Numbers that Ofcom keeps free for films: they reach nobody."""
NATIONAL = {"send_tribunal", "ombudsman"}
LAW = ("deadline/", "appeal/", "mediators/", "getting_a_plan/", "support/", "exclusion/", "discrimination/")
"""The flows that say what is the same in all of England."""


def run(*arguments: str) -> str:
    """Return the exit code and the output of a command."""
    result = CliRunner().invoke(app, list(arguments))
    return f"{result.exit_code}: {result.output}"


def test_the_example_passes_every_rule() -> None:
    content = read_content(EXAMPLE, KINDS)
    context = context_for(content, NOW.date(), with_voice=True)
    assert [str(finding) for finding in findings(content, context) if finding.severity == "error"] == []


def test_nothing_of_our_own_county_is_in_the_example_and_its_numbers_reach_nobody() -> None:
    texts = {path: path.read_text("utf-8") for path in EXAMPLE.rglob("*.yaml")}
    assert not [path for path, text in texts.items() if re.search("devon|global mediation", text, re.IGNORECASE)]
    contacts = read_content(EXAMPLE, KINDS).sources["flows/contacts.yaml"].content
    for name, entry in contacts.items():
        assert isinstance(entry, dict)
        if name not in NATIONAL:
            assert all(DRAMA.fullmatch(str(number)) for number in entry["dial"])
            assert str(entry["source"]).startswith("made up")
            assert str(entry["email"]).endswith("@example.org")


@pytest.fixture
async def answered(kept: Mapping[str, str]) -> AsyncIterator[AppFactory]:
    """Return the helpline of the example, which can send texts."""
    made: list[Starlette] = []

    def make(stage: Environment) -> AppProcess:
        made.append(build(settings({**kept, **THEIRS, **stage.settings}), stage.clock, patience=PATIENT))
        return AppProcess(made[-1])

    yield make
    for one in made:
        async with one.router.lifespan_context(one):
            pass


@pytest.mark.parametrize("script", CALLS, ids=lambda path: path.stem)
async def test_a_whole_call_goes_as_it_is_written(script: Path, answered: AppFactory) -> None:
    fallback = fallback_document(settings(THEIRS), NOW)
    await play(script, answered, fallback=fallback, status_callback=f"{PUBLIC_URL}/voice/status")


def test_while_all_machines_are_down_callers_hear_their_own_mediators() -> None:
    document = fallback_document(settings(THEIRS), NOW)
    assert "Westshire Mediation" in document
    assert "Global Mediation" not in document
    assert document.index("first ring the number for mediation in it") < document.index("Westshire Mediation")


async def test_whoever_needs_a_certificate_gets_two_texts_the_letter_first_and_how_to_appeal(
    kept: Mapping[str, str],
) -> None:
    async with helplines_on(kept["DATABASE_URL"], IVR_CONTENT=THEIRS["IVR_CONTENT"]) as helplines:
        keys = ("1", "1", "14102026", "1", "2", "1", "1", "4", "1", "1")
        (await helplines.rings(*keys)).hears("We will send you two texts")
        first, second = sorted((text.body for text in await helplines.texts()), key=lambda body: "Part 2" in body)
    assert "Ring a mediation adviser by Mon 14 Dec 2026, at the number in your letter" in first
    assert first.index("in your letter") < first.index("Westshire Mediation, 0808 157 0100")
    assert "appeal by Mon 14 Dec 2026, or 1 month" in first
    assert "SEND35A" in second
    assert "your mediation certificate" in second


def test_its_mediators_are_named_in_one_place_alone() -> None:
    named = [path.name for path in EXAMPLE.rglob("*.yaml") if "Westshire Mediation" in path.read_text("utf-8")]
    assert named == ["contacts.yaml"]


@pytest.mark.parametrize(
    "words",
    [r"\bcouncil\b[^.]*working day", "ask (them )?for mediation", "(academy|Department)[^.]*Ombudsman"],
)
def test_what_misled_callers_is_nowhere_in_what_it_says(words: str) -> None:
    sentences = read_content(EXAMPLE, KINDS).sentences
    assert [name for name, one in sentences.items() if re.search(words, one.text)] == []


def test_the_law_is_the_same_as_ours_and_as_good() -> None:
    theirs, ours = read_content(EXAMPLE, KINDS), read_content(CONTENT, KINDS)
    stated = {rule for at, step in theirs.steps.items() if at.startswith(LAW) for rule in step.stated()}
    written, known = (_rules(content) for content in (theirs, ours))
    assert len(stated) > 40
    assert {rule: written[rule] for rule in stated} == {rule: known[rule] for rule in stated}


def _rules(content: Content) -> dict[str, dict[str, object]]:
    """Return the rules of law without where they were found and whom to ask, which may be of our own county."""
    rules = content.sources["flows/rules.yaml"].content
    return {
        rule: {name: said for name, said in entry.items() if name not in ("source", "ask")}
        for rule, entry in rules.items()
        if isinstance(entry, dict)
    }


@pytest.mark.parametrize("name", ["My County", "St. Mary's and the North Isles"])
def test_a_new_service_has_its_name_and_passes_every_rule_at_once(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "ours"
    assert run("new", str(folder), "--name", name).startswith("0: ")
    content = read_content(folder, KINDS)
    assert [str(problem) for problem in problems_in(content)] == []
    assert f"Hello, {name}'s special needs helpline" in content.sentences["welcome.hello.prompt"].text
    assert not [path for path in folder.rglob("*") if path.is_file() and "Westshire" in path.read_text("utf-8")]


def test_no_made_up_number_is_said_in_a_new_service(tmp_path: Path) -> None:
    run("new", str(tmp_path / "ours"))
    contacts = read_content(tmp_path / "ours", KINDS).sources["flows/contacts.yaml"].content
    sure = {name: entry["sure"] for name, entry in contacts.items() if isinstance(entry, dict)}
    assert sure == {"mediators": "K", "council_team": "K", **dict.fromkeys(NATIONAL, "V")}


def test_a_new_service_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "mine.txt").write_text("mine")
    assert run("new", str(tmp_path / "ours")).startswith("2: ")
    assert [path.name for path in (tmp_path / "ours").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["{key}", "Å: b", "9"])
def test_a_name_that_cannot_be_said_is_refused(tmp_path: Path, name: str) -> None:
    assert run("new", str(tmp_path / "ours"), "--name", name).startswith("2: ")
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("check",), "112 steps"),
        (("call", "--keys", "h"), "Westshire's special needs helpline"),
        (("draw", "--format", "text"), "3  If help is not happening"),
        (("script",), "Westshire's special needs helpline"),
    ],
)
def test_every_command_runs_the_service_that_is_set(
    command: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_CONTENT", str(EXAMPLE))
    told = " ".join(run(*command).split())
    assert told.startswith("0: ")
    assert " ".join(says.split()) in told


def test_closures_are_for_the_reasons_of_that_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url(tmp_path))
    monkeypatch.setenv("IVR_CONTENT", str(EXAMPLE))
    monkeypatch.setenv("IVR_DEV", "1")
    told = run("closures", "add", "--until", "2099-01-01T10:00", "--reason", "weather")
    assert "training" in told
    assert "short_of_staff" not in told
