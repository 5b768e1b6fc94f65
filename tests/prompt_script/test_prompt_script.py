"""The document that a manager signs has every word in it, and in it once."""

import re
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.config import CONTENT
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.prompt_script.html import html
from ivr.prompt_script.script import PromptScript, prompt_script
from ivr.prompt_script.text import plain_text
from ivr.steps import KINDS
from tests.lint.helplines import MINIMAL

TODAY = date(2026, 11, 23)
OURS = read_content(CONTENT, KINDS)
DOCUMENT = prompt_script(OURS, TODAY)


IDS = [*OURS.sentences, *(f"{name}.{one}" for one, variant in OURS.audiences.items() for name in variant.sentences)]
"""The names of all sentences, with the audience where it is not the parent."""


def content_in(folder: Path) -> Content:
    return read_content(folder, KINDS)


class Page(HTMLParser):
    """The names in a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [value or "" for name, value in attrs if name == "id" and tag == "dl"]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_sentence_stands_there_once() -> None:
    assert sorted(line.id for line in DOCUMENT.lines()) == sorted(IDS)
    assert sorted(Page(html(DOCUMENT)).names) == sorted(IDS)
    written = Counter(plain_text(DOCUMENT).split("\n"))
    assert {line.title: written[f"  {line.title}"] for line in DOCUMENT.lines()} == dict.fromkeys(
        (line.title for line in DOCUMENT.lines()), 1
    )


def test_every_word_of_every_sentence_stands_there() -> None:
    page, text = " ".join(Page(html(DOCUMENT)).words.split()), " ".join(plain_text(DOCUMENT).split())
    for sentence in (one for spoken in OURS.addressed() for one in spoken.sentences.values()):
        for words in re.split(r"\{[a-z_]+\}", sentence.text):
            assert " ".join(words.split()) in page
            assert " ".join(words.split()) in text


def test_it_goes_the_way_of_a_caller() -> None:
    chapters = [chapter.name for chapter in DOCUMENT.chapters]
    assert chapters[:3] == ["welcome", "decisions", "deadline"]
    assert chapters.index("settling") < chapters.index("person") < chapters.index("texts")
    assert chapters[-1] == "said in many places"
    first = DOCUMENT.chapters[0].parts
    assert [part.name for part in first[:2]] == ["welcome/hello", "welcome/main"]
    assert first[1].keys[0] == "1: decisions/menu"
    assert first[1].keys[-1] == "otherwise: person/ring"


def words(document: PromptScript, name: str) -> tuple[str, str]:
    (line,) = [line for line in document.lines() if line.id == name]
    return line.words, line.who


@pytest.mark.parametrize(
    ("name", "said", "who"),
    [
        ("welcome.main.health_or_care", "For health or social care, press 5.", "the caller hears"),
        ("mediators.number.through", "To be put through now, press 2.", "the caller hears"),
        ("numbers.tribunal.prompt", "is 0300 303 5857.", "the caller hears"),
        ("deadline.work_out.last_day", "Your last day to appeal is [deadline].", "the caller hears"),
        ("screening.offer.key", "press 1", "an adviser hears"),
        ("decisions.matter.prompt", "a council decision", "an adviser hears"),
        ("sms.text.social_care", "Ombudsman, 0300 061 0614", "the caller reads"),
        ("sms.how_to_appeal.plan", "Post HMCTS, SEND Tribunal, First Floor", "the caller reads"),
        ("appeal.address.email", "send@justice.gov.uk", "the caller hears"),
        ("mediators.ring.prompt", "We are ringing Global Mediation.", "the caller hears"),
        ("callbacks.promise.alert", "on the list", "an adviser reads"),
        ("helpline.alert_message", "left a message", "an adviser reads"),
        ("helpline.sms_answer", "Thank you for your text", "the caller reads"),
    ],
)
def test_a_sentence_says_who_gets_it_and_what_fills_it(name: str, said: str, who: str) -> None:
    found = words(DOCUMENT, name)
    assert said in found[0]
    assert found[1] == who


def test_facts_stand_there_with_how_we_know_them() -> None:
    facts = {fact.name: fact for fact in DOCUMENT.facts}
    assert "0300 303 5857" in facts["the SEND Tribunal"].text
    assert "Parkgate, Darlington, DL1 1RU" in facts["the SEND Tribunal"].text
    for text in ("Torbay Family Hub", "2026-11-29", "2027-02-28", "sure: V", "to check: a live call"):
        assert text in facts["the SEND Tribunal"].source
        assert text in plain_text(DOCUMENT).replace("\n    ", " ")
    assert "Livewell Southwest" not in facts


def test_another_word_makes_another_number_and_another_day_does_not(tmp_path: Path) -> None:
    folder = Path(copytree(MINIMAL, tmp_path / "helpline"))
    first = prompt_script(content_in(folder), TODAY).fingerprint
    assert prompt_script(content_in(folder), date(2027, 1, 1)).fingerprint == first
    path = folder / "prompts/en-GB/town.yaml"
    path.write_text(path.read_text().replace("Good morning.", "Good evening."))
    assert prompt_script(content_in(folder), TODAY).fingerprint != first


def test_what_nobody_says_stands_there_too_and_nothing_is_taken_for_markup(tmp_path: Path) -> None:
    folder = Path(copytree(MINIMAL, tmp_path / "helpline"))
    path = folder / "prompts/en-GB/town.yaml"
    path.write_text(path.read_text() + "\nsecret: A <b> & nobody says it.\n")
    document = prompt_script(content_in(folder), TODAY)
    assert document.chapters[-1].name == "said by no step"
    assert words(document, "town.secret.prompt")[1] == "nobody hears"
    assert "A &lt;b&gt; &amp; nobody says it." in html(document)


def test_what_a_young_person_hears_stands_marked_under_what_a_parent_hears(tmp_path: Path) -> None:
    folder = Path(copytree(MINIMAL, tmp_path / "helpline"))
    path, name = folder / "prompts/en-GB/town.yaml", "town.hello.prompt"
    both = "hello:\n  parent: Your child has a right.\n  young_person: You have a right."
    path.write_text(path.read_text().replace("hello: Good morning.", both))
    document = prompt_script(content_in(folder), TODAY)
    at = [line.id for line in document.lines()].index(name)
    parent, young = list(document.lines())[at : at + 2]
    assert (parent.words, parent.title) == ("Your child has a right.", f"{name}: the caller hears")
    assert (young.words, young.title) == ("You have a right.", f"{name}: the caller hears, as a young person")
    assert f"  {young.title}\n    You have a right.\n" in plain_text(document)
    assert f'<dl class="caller young_person" id="{name}.young_person"><dt>{young.title}</dt>' in html(document)
    path.write_text(path.read_text().replace("You have a right.", "You have rights."))
    assert prompt_script(content_in(folder), TODAY).fingerprint != document.fingerprint


def test_it_is_printed_or_written_to_a_file(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["script", "--today", "2026-11-23"])
    assert printed.stdout == plain_text(DOCUMENT)
    page = tmp_path / "script.html"
    written = CliRunner().invoke(app, ["script", "--today", "2026-11-23", "--out", str(page)])
    assert f"{len(IDS)} sentences" in written.stdout
    assert page.read_text("utf-8") == html(DOCUMENT)
