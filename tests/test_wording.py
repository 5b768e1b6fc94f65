"""Language and audience are chosen for each call: one process speaks all of them, to several callers at a time."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from starlette.applications import Starlette

from ivr.app import build
from ivr.commands.lint_context import context_for
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.engine.call_state import CallState
from ivr.engine.content import YOUNG_PERSON
from ivr.engine.content_reader import read_content
from ivr.helpline.timezone import LONDON
from ivr.lint.run import findings
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from ivr.steps import KINDS
from ivr.web.call_hooks import CallHooks
from ivr.web.signature_check import Form
from tests.phone_calls import NOW, goes_on, rings, telephone
from tests.test_calls import settings

WELSH_NUMBER, YOUNG_NUMBER = "+448081570001", "+448081570002"
LANGUAGE = """\
cy:
  name: Cymraeg
  voice: Google.cy-GB-Standard-A
  rate: 90%
  kept_by: nobody yet
  progress: in progress
"""
HELLO = (
    "Hello, this is Devon's special needs helpline. If someone is in danger, hang up and dial 9 9 9. "
    "For a person, press 0."
)
TRANSLATED = f"""\
hello:
  en-GB: {HELLO}
  text: Helo, llinell gymorth Dyfnaint. I siarad â rhywun, pwyswch 0.
lost:
  en-GB: Sorry, we lost our place in your call. Let us begin again.
  text: Mae'n ddrwg gennym, rydym wedi colli ein lle.
"""


FOR_THE_YOUNG = "Ask the school to meet you, and take somebody with you."


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Our content, a little of it in Welsh, and a little of it for young people."""
    for name in ("flows", "prompts"):
        shutil.copytree(CONTENT / name, tmp_path / name)
    with (tmp_path / "prompts/languages.yaml").open("a", encoding="utf-8") as languages:
        languages.write(LANGUAGE)
    (tmp_path / "prompts/cy").mkdir()
    (tmp_path / "prompts/cy/welcome.yaml").write_text(TRANSLATED, "utf-8")
    changed(tmp_path / "prompts/en-GB/school.yaml")
    return tmp_path


def changed(school: Path) -> None:
    """Write the first sentence of the first steps once for each audience."""
    written = YAML(typ="safe").load(school)
    [(name, parent), *_] = written["first_steps"].items()
    written["first_steps"][name] = {"parent": parent, "young_person": FOR_THE_YOUNG}
    with school.open("w", encoding="utf-8") as file:
        YAML().dump(written, file)


@pytest.fixture
def app(content: Path) -> Starlette:
    """Our service, which answers a second number in Welsh, and speaks to young people at a third."""
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    return build(settings(), lambda: now, content=ContentSource(content), hooks=CallHooks(by_number))


def by_number(form: Form) -> tuple[str, CallState]:
    called = form.get("To")
    language, audience = "cy" if called == WELSH_NUMBER else "", YOUNG_PERSON if called == YOUNG_NUMBER else ""
    return "", CallState(language=language, audience=audience)


def telephone_to(app: Starlette, number: str) -> Phone:
    return Phone(app, public_url=PUBLIC_URL, token=TOKEN, called=number)


async def test_two_callers_at_a_time_hear_two_languages_from_one_process(app: Starlette) -> None:
    english, welsh = telephone(app=app), telephone_to(app, WELSH_NUMBER)
    (await rings(welsh)).hears("Helo, llinell gymorth")
    (await rings(english)).hears("Hello, this is Devon's special needs helpline")
    (await goes_on(welsh, "4")).hears("how to write a complaint")  # nobody has translated it yet
    (await goes_on(welsh, "#")).hears("For a school, college or nursery")
    (await goes_on(english, "4")).hears("how to write a complaint")


async def test_a_young_person_and_a_parent_hear_the_same_step_in_words_of_their_own(app: Starlette) -> None:
    parent, young = telephone(app=app), telephone_to(app, YOUNG_NUMBER)
    (await rings(young, "4", "3")).hears(FOR_THE_YOUNG)
    assert FOR_THE_YOUNG not in (await rings(parent, "4", "3")).heard
    (await goes_on(young, "#")).hears("how to write a complaint")  # what is the same for both


def test_every_rule_reads_what_is_written_for_young_people(content: Path) -> None:
    school = content / "prompts/en-GB/school.yaml"
    school.write_text(
        school.read_text("utf-8").replace(FOR_THE_YOUNG, "Ask them {when}, in order to meet you."), "utf-8"
    )
    read = read_content(content, KINDS)
    found = findings(read, context_for(read, date(2026, 11, 23), with_voice=False))
    line = next(n for n, text in enumerate(school.read_text("utf-8").splitlines(), 1) if "{when}" in text)
    assert {
        (one.line, one.rule) for one in found if one.severity == "error" and one.file.startswith("prompts/en-GB")
    } == {
        (line, "wrong_blank"),
        (line, "banned_words"),
    }
