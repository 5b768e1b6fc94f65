"""Language is chosen for each call: one process speaks every language, to several callers at a time."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette

from ivr.app import build
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.engine.call_state import CallState
from ivr.helpline.timezone import LONDON
from ivr.simulator.phone import Phone
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from ivr.web.signature_check import Form
from tests.phone_calls import NOW, goes_on, rings, telephone
from tests.test_calls import settings

WELSH_NUMBER = "+448081570001"
LANGUAGE = """\
cy:
  name: Cymraeg
  voice: Google.cy-GB-Standard-A
  rate: 90%
  kept_by: nobody yet
  progress: in progress
"""
HELLO = "Hello, Devon's special needs helpline. If someone is in danger, hang up and dial 9 9 9. For a person, press 0."
TRANSLATED = f"""\
hello:
  en-GB: {HELLO}
  text: Helo, llinell gymorth Dyfnaint. I siarad â rhywun, pwyswch 0.
lost:
  en-GB: Sorry, we lost our place in your call. We will start again from the beginning.
  text: Mae'n ddrwg gennym, rydym wedi colli ein lle.
"""


@pytest.fixture
def app(tmp_path: Path) -> Starlette:
    """Our service, which answers a second number in Welsh as far as that is translated."""
    for name in ("flows", "prompts"):
        shutil.copytree(CONTENT / name, tmp_path / name)
    with (tmp_path / "prompts/languages.yaml").open("a", encoding="utf-8") as languages:
        languages.write(LANGUAGE)
    (tmp_path / "prompts/cy").mkdir()
    (tmp_path / "prompts/cy/welcome.yaml").write_text(TRANSLATED, "utf-8")
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    return build(settings(), lambda: now, content=ContentSource(tmp_path), new_call=by_number)


def by_number(form: Form) -> CallState:
    return CallState(language="cy" if form.get("To") == WELSH_NUMBER else "")


async def test_two_callers_at_a_time_hear_two_languages_from_one_process(app: Starlette) -> None:
    english, welsh = telephone(app=app), Phone(app, public_url=PUBLIC_URL, token=TOKEN, called=WELSH_NUMBER)
    (await rings(welsh)).hears("Helo, llinell gymorth")
    (await rings(english)).hears("Hello, Devon's special needs helpline")
    (await goes_on(welsh, "2")).hears("To make a complaint")  # nobody has translated it yet
    (await goes_on(welsh, "#")).hears("For school or college")
    (await goes_on(english, "2")).hears("To make a complaint")
