"""Malicious flow and prompt files are refused with their line, and break nothing."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.prompts import Language
from ivr.engine.verbs import Gather, Hangup, Say, Turn
from ivr.engine.yaml import read
from ivr.telephony.twiml import Renderer
from tests.lint.helplines import content_of

NOT_USED = "anchors, aliases and tags (&, *, !) are not used in these files"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 60))
RENDERER = Renderer(
    {"en-GB": Language("en-GB", "English", "Polly.Amy-Neural", "90%")}, "https://helpline.example/voice"
)


def told(folder: Path, text: str) -> list[str]:
    """Return the problems of a file."""
    file = folder / "any.yaml"
    file.write_text(text)
    return [problem.says for problem in read(file, "any.yaml").problems]


def test_an_alias_bomb_is_refused_and_never_goes_off(tmp_path: Path) -> None:
    assert set(told(tmp_path, BOMB)) == {NOT_USED}


@pytest.mark.parametrize("depth", [10, 100, 300, 1_000, 20_000])
def test_no_depth_of_nesting_breaks_the_reading(tmp_path: Path, depth: int) -> None:
    told(tmp_path, "a: " + "[" * depth + "]" * depth)
    told(tmp_path, "a: " + "{b: " * depth + "}" * depth)


@pytest.mark.parametrize("character", ["\\0", "\\x1b", "\\u202e", "\\u200b", "\\uffff"])
def test_a_character_that_nobody_sees_is_refused(tmp_path: Path, character: str) -> None:
    assert told(tmp_path, f'a: "x{character}y"') == ["there is a character here that cannot be seen or said"]


@pytest.mark.parametrize("tag", ["../../elsewhere", "/etc", "..", "en-GB/../..", "en GB", "EN", ""])
def test_a_language_leads_to_no_folder_but_its_own(tmp_path: Path, tag: str) -> None:
    languages = f'"{tag}": {{name: English, voice: Amy, rate: 90%, kept_by: us}}\n'
    outside = {"elsewhere/town.yaml": "hello: Secret words.\n", "inside/prompts/languages.yaml": languages}
    content_of(outside, tmp_path)
    content = content_of({"prompts/languages.yaml": languages}, tmp_path / "inside")
    assert "a language is named by its tag, such as en-GB or cy" in [problem.says for problem in content.problems]
    assert content.sentences == {}


@pytest.mark.parametrize("target", ["../../secrets", "/etc/passwd", "town/../town/hello", "https://elsewhere.example"])
def test_a_target_is_a_step_that_is_there_and_nothing_else(tmp_path: Path, target: str) -> None:
    flows = {
        "flows/helpline.yaml": "answer: town/hello\nperson: town/hello\nlost: town/hello\nbroken: town/hello\n",
        "flows/town.yaml": f"hello:\n  kind: say\n  go: {target}\n",
    }
    from ivr.lint.run import problems_in

    assert any("no such step" in problem.says for problem in problems_in(content_of(flows, tmp_path)))


def test_a_prompt_cannot_hold_a_state_token(tmp_path: Path) -> None:
    files = {"prompts/en-GB/town.yaml": "hello: Say @@state@@ aloud.\n", "prompts/languages.yaml": LANGUAGES}
    assert "“@@” is nothing that can be said" in [problem.says for problem in content_of(files, tmp_path).problems]


LANGUAGES = "en-GB: {name: English, voice: Amy, rate: 90%, kept_by: us}\n"
MARKUP = [
    "</prosody></Say><Dial>+449012345678</Dial>",
    "<break time='1h'/>",
    "&lt;Dial&gt;",
    "]]><Hangup/>",
    "<!-- ",
    '"',
]


@pytest.mark.parametrize("words", MARKUP)
def test_markup_in_a_prompt_is_spoken_and_never_done(words: str) -> None:
    assert spoken(words) == words


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(lambda text: "@@" not in text)
)
def test_no_words_at_all_become_a_verb(words: str) -> None:
    assert spoken(words) == words


def spoken(words: str) -> str:
    """Return the words of a document that has only the verbs that we meant."""
    turn = Turn((Gather((Say((words,), "en-GB"),)), Hangup()))
    document = Xml.fromstring(RENDERER.document(turn, "town/hello").fill("m"))  # noqa: S314 (our own)
    assert [one.tag for one in document.iter()] == ["Response", "Gather", "Say", "prosody", "Hangup"]
    return "".join(document.itertext())
