"""Flows and prompts are read whole, and what is wrong in them is told in plain words."""

from pathlib import Path

import pytest

from ivr.engine.compile import compiled
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.prompts import Language
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from tests.lint.helplines import MINIMAL, content_of

SERVICE = "answer: town/hello\nperson: town/hello\nlost: town/hello\nbroken: town/hello\n"


def told(folder: Path, flow: str, flows: str = SERVICE) -> list[str]:
    """What is wrong with one flow, as it is read."""
    content = content_of({"flows/helpline.yaml": flows, "flows/town.yaml": flow}, folder)
    return [str(problem) for problem in sorted(content.problems)]


def menu_of(choices: str) -> str:
    return f"menu:\n  kind: menu\n  choices:\n{choices}  otherwise: menu\n"


@pytest.mark.parametrize(
    ("flow", "problem"),
    [
        ("hello: {kind: say, goes: hello, go: hello}\n", "1: “goes” is not something this can have"),
        ("hello: {kind: say}\n", "1: “go” is missing here"),
        ("hello:\n  kind: say\n  go: [a, b]\n", "3: “go” should be text"),
        ("hello:\n  kind: say\n  kind: say\n  go: hello\n", "3: “kind” stands here twice (first in line 2)"),
        ("hello:\n  kind: reading\n  pages: []\n  then: a\n  otherwise: a\n", "3: “pages” should not be empty"),
        ("hello:\n  kind: reading\n  pages: one\n  then: a\n  otherwise: a\n", "3: “pages” should be a list"),
        (menu_of("    1: {say: a}\n"), "4: “go” is missing here"),
        (menu_of("    1: {say: a, go: b, otherwise: c}\n"), "4: “otherwise” is not something this can have"),
        (
            "menu:\n  kind: menu\n  choices: [a]\n  otherwise: menu\n",
            "3: “choices” should be names, each with a colon and what belongs to it",
        ),
        ("menu:\n  kind: menu\n  choices: {}\n  otherwise: menu\n", "3: “choices” should not be empty"),
        ("bye:\n  kind: hangup\n  formerly: {old: new}\n", "3: “formerly” should be a list"),
    ],
)
def test_a_mistake_in_a_step_is_told_in_plain_words_at_its_line(tmp_path: Path, flow: str, problem: str) -> None:
    assert told(tmp_path, flow) == [f"flows/town.yaml:{problem}"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{kind: hangupp}", "(hangupp): is it “hangup”?"),
        ("{kind: oddity}", "(oddity); docs/steps.md lists the kinds"),
        ("{}", "(none given); docs/steps.md lists the kinds"),
        ("[]", "(none given); docs/steps.md lists the kinds"),
    ],
)
def test_a_kind_that_we_do_not_know_is_told_with_the_one_that_is_spelt_alike(
    tmp_path: Path, entry: str, says: str
) -> None:
    assert told(tmp_path, f"\nhello: {entry}\n") == [
        f"flows/town.yaml:2: “hello” has no kind of step that we know {says}"
    ]


def test_an_entry_of_the_service_that_is_left_out_does_not_hide_the_others(tmp_path: Path) -> None:
    content = content_of({"flows/helpline.yaml": "answer: town/hello\nlost: town/lost\n"}, tmp_path)
    assert content.entries == {"answer": "town/hello", "lost": "town/lost"}


def test_how_long_a_transfer_rings_is_a_whole_number(tmp_path: Path) -> None:
    exits = "".join(f"  {name}: a\n" for name in ("answered", "busy", "unanswered", "failed", "unset"))
    assert told(tmp_path, f"ring:\n  kind: transfer\n  who: advisers\n  seconds: long\n{exits}") == [
        "flows/town.yaml:4: “seconds” should be a whole number"
    ]


def test_where_calls_begin_is_written_out_whole_and_nothing_else(tmp_path: Path) -> None:
    assert told(tmp_path, "hello: {kind: hangup}\n", "answer: town/hello\nlost: town/hello\nfound: town/hello\n") == [
        "flows/helpline.yaml:1: “broken” is missing here",
        "flows/helpline.yaml:1: “person” is missing here",
        "flows/helpline.yaml:3: “found” is not something this can have",
    ]


def test_a_prompt_is_a_sentence_and_not_a_list(tmp_path: Path) -> None:
    content = content_of({"prompts/en-GB/town.yaml": "hello:\n  - Good\n  - morning\n"}, tmp_path)
    assert "prompts/en-GB/town.yaml:1: a prompt is a sentence, not a list" in map(str, content.problems)


def test_a_target_without_a_flow_is_a_step_of_the_same_flow(tmp_path: Path) -> None:
    content = content_of({"flows/town.yaml": "a: {kind: say, go: b}\nc: {kind: say, go: isle/b}\n"}, tmp_path)
    exits = {at: [str(target) for _, target in step.exits()] for at, step in content.steps.items()}
    assert exits == {"town/a": ["town/b"], "town/c": ["isle/b"]}


def test_a_good_helpline_is_ready_for_calls() -> None:
    flows = compiled(read_content(MINIMAL, KINDS))
    assert (flows.answer, flows.person, flows.lost, flows.broken) == (
        "town/hello",
        "town/ring",
        "town/hello",
        "town/ring",
    )
    assert flows.topic_of("town/menu") == "town"
    assert flows.words.text("town.matter.prompt") == "the town"
    assert flows.words.text("town.menu.owl") == "For the Owl, press {key}."
    assert flows.words.language == Language("en-GB", "English", "Polly.Amy-Neural", "90%")


def languages(folder: Path, text: str) -> Content:
    return content_of({"prompts/languages.yaml": text}, folder)


def test_a_language_says_how_it_sounds_and_who_keeps_it(tmp_path: Path) -> None:
    content = languages(tmp_path, "en-GB:\n  name: English\n  voice: Polly.Amy-Neural\n  speed: 90%\n")
    assert [str(problem) for problem in sorted(content.problems) if "languages" in problem.file] == [
        "prompts/languages.yaml:1: “kept_by” is missing here",
        "prompts/languages.yaml:1: “rate” is missing here",
        "prompts/languages.yaml:4: “speed” is not something this can have",
    ]


def test_a_language_has_a_voice_and_a_speed_that_can_be_spoken_with(tmp_path: Path) -> None:
    content = languages(tmp_path, "en-GB:\n  name: English\n  voice:\n  rate: slow\n  kept_by: us\n")
    assert [str(problem) for problem in sorted(content.problems) if "languages" in problem.file] == [
        "prompts/languages.yaml:3: “voice” should not be empty",
        "prompts/languages.yaml:4: “rate”: write it as a percentage of the voice's own speed, such as 90%",
    ]


def test_a_sentence_without_words_is_told_for_it_would_be_silence(tmp_path: Path) -> None:
    content = content_of({"prompts/en-GB/town.yaml": 'hello:\nbye: {prompt: " "}\n'}, tmp_path)
    assert [str(problem) for problem in sorted(content.problems) if "town" in problem.file] == [
        "prompts/en-GB/town.yaml:1: this sentence has no words",
        "prompts/en-GB/town.yaml:2: this sentence has no words",
    ]


def test_the_first_language_of_the_list_is_the_one_that_is_spoken(tmp_path: Path) -> None:
    entry = "{name: A, voice: B, rate: 90%, kept_by: C}"
    content = languages(tmp_path, f"fr-FR: {entry}\nen-GB: {entry}\n")
    assert content.language == Language("fr-FR", "A", "B", "90%")


def test_a_helpline_without_any_language_is_told(tmp_path: Path) -> None:
    assert any(problem.file == "prompts/languages.yaml" for problem in languages(tmp_path, "").problems)


def test_a_folder_without_a_list_of_languages_is_told(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "helpline.yaml").write_text(SERVICE)
    problems = problems_in(read_content(tmp_path, KINDS))
    assert any(problem.file == "prompts/languages.yaml" for problem in problems)


def test_a_file_that_cannot_be_read_does_not_hide_what_is_wrong_in_the_others(tmp_path: Path) -> None:
    content = content_of({"flows/isle.yaml": "a: [", "flows/town.yaml": "a: {kind: say}\n"}, tmp_path)
    assert {problem.file for problem in content.problems} >= {"flows/isle.yaml", "flows/town.yaml"}
