"""A sentence of a call is said again: its document is fetched once more, and nothing is done twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.commands.browser_helpline import Helplines
from ivr.simulator.browser.request_fields import ActionRefused
from ivr.simulator.browser.say_again import NOT_NOW, SAID_AGAIN, say_again
from ivr.simulator.browser.session import Session, blank_scenario
from ivr.simulator.browser.view import view
from ivr.simulator.transcript import HELPLINE, Entry
from ivr.simulator.twiml.attribution import attributed, from_prompt
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.prompts import SpokenPrompt, origins
from ivr.simulator.twiml.verbs import Gather, Say, Verb
from tests.lint.helplines import copied
from tests.simulator.browsing import AT

FRONT = "prompts/en-GB/front.yaml"
HELLO, SCHOOL = (FRONT, "hello"), (FRONT, "main", "school")
TEXTED = ("prompts/en-GB/texts.yaml", "kept")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture
async def session(folder: Path) -> AsyncIterator[Session]:
    session = Session(Helplines(folder, lambda: AT), blank_scenario(AT, "mobile"))
    await session.dial("mobile")
    yield session
    await session.close()


def said(session: Session) -> list[Entry]:
    return [entry for entry in session.phone.carrier.entries if entry.who == HELPLINE]


def number_of(session: Session, entry: Entry) -> int:
    return next(n for n, one in enumerate(session.phone.carrier.entries) if one is entry)


async def presses(session: Session, keys: str) -> None:
    for key in keys:
        await session.press(key)


def change(folder: Path, old: str, new: str) -> None:
    file = folder / FRONT
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


async def test_a_prompt_is_said_again_with_its_new_words_and_what_stands_after_it(
    session: Session, folder: Path
) -> None:
    await session.listen(6.0)
    menu = said(session)[-1]
    change(folder, "For a school, press", "For a nursery, press")
    await session.reload()
    await say_again(session, number_of(session, menu), SCHOOL)
    assert said(session)[-1].text.startswith("For a nursery, press 2. For the number of the Owl, press 3.")
    assert menu in said(session)
    assert SAID_AGAIN in [entry.text for entry in session.phone.carrier.entries]
    await session.press("2")
    assert said(session)[-1].text.startswith("Ask for a meeting")


async def test_a_call_goes_back_to_an_earlier_sentence_and_on_from_there(session: Session) -> None:
    await session.listen(6.0)
    await presses(session, "2")
    hello = said(session)[0]
    await say_again(session, number_of(session, hello), HELLO)
    assert said(session)[-2].text == hello.text
    assert [one.action for one in session.phone.recorded] == ["dials"]
    await session.press("3")
    assert "The number of the Owl is" in said(session)[-1].text + said(session)[-2].text


async def test_what_was_promised_is_not_promised_twice(session: Session) -> None:
    await presses(session, "41")
    await session.listen(session.phone.now + 10.0)
    assert len(session.text_messages.all) == 1
    kept = next(entry for entry in said(session) if entry.text.startswith("We will text you"))
    for _ in range(2):
        await say_again(session, number_of(session, kept), TEXTED)
        assert said(session)[-2].text == kept.text
    await session.listen(session.phone.now + 60.0)
    assert len(session.text_messages.all) == 1


@pytest.mark.parametrize("line", [0, 999])
async def test_what_the_helpline_did_not_say_cannot_be_said_again(session: Session, line: int) -> None:
    with pytest.raises(ActionRefused, match="cannot go back"):
        await say_again(session, line, HELLO)


async def test_a_call_that_is_over_or_with_somebody_else_is_not_moved(session: Session) -> None:
    hello = number_of(session, said(session)[0])
    await presses(session, "0")
    await session.listen(session.phone.now + 5.0)
    with pytest.raises(ActionRefused, match=NOT_NOW):
        await say_again(session, hello, HELLO)
    await session.hang_up()
    with pytest.raises(ActionRefused, match=NOT_NOW):
        await say_again(session, hello, HELLO)


async def test_the_view_tells_the_file_and_the_line_of_every_prompt_and_what_fills_its_blanks(session: Session) -> None:
    await session.listen(6.0)
    lines = [line for line in view(session)["lines"] if line["who"] == HELPLINE]
    (hello,) = lines[0]["prompts"]
    assert (hello["place"], hello["line"], hello["words"]) == (HELLO, 1, lines[0]["text"])
    school = lines[1]["prompts"][2]
    assert (school["place"], school["line"]) == (SCHOOL, 6)
    assert school["blanks"] == [{"name": "key", "words": "2", "place": (), "line": 0}]


A, B, C = ("f", "a"), ("f", "b"), ("f", "c")
DOCUMENT = (
    "<Response><Say>One two.</Say><Gather><Say><prosody>Three four. <break time='500ms'/>Five six.</prosody></Say>"
    "<Say>Seven.</Say></Gather><Redirect>on</Redirect></Response>"
)
PROMPTS = ((SpokenPrompt("One two.", A),), (SpokenPrompt("Three four.", B), SpokenPrompt("Five six.", C)), ())


@pytest.mark.parametrize(
    ("number", "place", "words"),
    [
        (0, A, ["One two.", "Three four. Five six.", "Seven."]),
        (1, B, ["Three four. Five six.", "Seven."]),
        (1, C, ["Five six.", "Seven."]),
        (1, A, ["Three four. Five six.", "Seven."]),
        (2, A, ["Seven."]),
        (3, A, ["One two.", "Three four. Five six.", "Seven."]),
    ],
)
def test_a_document_is_played_from_a_prompt_on(number: int, place: tuple[str, ...], words: list[str]) -> None:
    verbs = from_prompt(attributed(parse(DOCUMENT), origins(0, PROMPTS)), number, place)
    assert [say.text for say in says(verbs)] == words
    assert type(verbs[-1]).__name__ == "Redirect"


def says(verbs: tuple[Verb, ...]) -> list[Say]:
    nested = [one for verb in verbs for one in (verb.nested if isinstance(verb, Gather) else (verb,))]
    return [one for one in nested if isinstance(one, Say)]
