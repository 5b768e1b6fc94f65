"""An emergency message is held to the rules for prompts, to eight seconds, and to every limit from pick-up."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ivr.commands.lint_context import context_for
from ivr.config import CONTENT
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.durations import words_at_150_wpm
from ivr.engine.verbs import Pause, Say
from ivr.lint import limits
from ivr.lint.emergency import refusals
from ivr.lint.emergency_routes import routes_with
from ivr.lint.registry import LintContext
from ivr.steps import KINDS
from tests.lint.helplines import TODAY, Edit, copied

TWENTY_WORDS = "The council's offices are shut today because of snow. You can still ring us, and we will help you now."
LONGEST = Say((Pause(8000),), "en-GB")


@cache
def devon() -> tuple[Content, LintContext]:
    content = read_content(CONTENT, KINDS)
    return content, context_for(content, TODAY, with_voice=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Content, LintContext]:
    """A small helpline whose calls begin with a greeting: what words may be is the same in each, and found sooner."""
    greeting = Edit(file="flows/front.yaml", old="hello:\n  kind: say", new="hello:\n  kind: greeting")
    content = read_content(copied(tmp_path_factory.mktemp("small"), [greeting]), KINDS)
    return content, context_for(content, TODAY, with_voice=True)


def why(text: str) -> list[str]:
    return list(refusals(text, *devon()))


@pytest.mark.parametrize(
    "text",
    [
        "The council's offices are closed today because of the snow.",
        "Our texts are late today. They will come.",
        "We are closed on Friday, and back on Monday at nine.",
        "The Tribunal's own phone line, the SEND Tribunal line, is down.",
    ],
)
def test_a_plain_message_is_taken(text: str) -> None:
    assert why(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no words"),
        (" \n ", "it has no words"),
        (
            "We are closed. Your call is important to us.",
            "“Your call is important” is on the list of what we never say",
        ),
        ("Please note that we are closed.", "“Please note” says nothing: leave it out"),
        ("The LA is closed.", "“LA” is not explained here, where a caller hears it first"),
        ("See gov.uk for more.", "“gov.uk” is an address: name whose website it is, and offer a text"),
        ("Write to help@devon.example today.", "is an address"),
        ("We are closed & back on Monday.", "no voice can be trusted with “&”"),
        ("We are closed 🙂 today.", "no voice can be trusted with “🙂”"),
        ("We are closed\u200b today.", "no voice can be trusted with “\u200b”"),
        ("We are closed on {day}.", "nothing fills {day} here; this sentence has no blanks"),
        ("For news of the snow, press 7.", "“press 7”"),
        (" ".join(["word"] * 26), "this sentence has 26 words, and 25 are the most"),
    ],
)
def test_what_no_prompt_may_say_no_message_may(text: str, reason: str, small: tuple[Content, LintContext]) -> None:
    assert reason in next(refusals(text, *small))


def test_it_takes_eight_seconds_at_most_by_the_longer_of_the_two_measures() -> None:
    assert words_at_150_wpm((TWENTY_WORDS,)) == limits.EMERGENCY
    assert not any("8 are the most" in reason for reason in why(TWENTY_WORDS))
    assert "it takes 8.4 seconds, and 8 are the most" in why(f"{TWENTY_WORDS[:-1]}, too.")
    content, context = devon()
    slowly = replace(context, measure=lambda speech: 2 * words_at_150_wpm(speech))
    assert "it takes 16.0 seconds, and 8 are the most" in refusals(TWENTY_WORDS, content, slowly)


def test_every_limit_from_pick_up_holds_with_the_longest_message() -> None:
    found = {route.to: route for route in routes_with(LONGEST, *devon())}
    assert {"a person", "the last day to appeal"} <= found.keys()
    assert {route.to: route.seconds for route in found.values() if route.seconds > route.most} == {}
    assert found["a person"].most == limits.TO_A_PERSON
    assert found["the last day to appeal"].most == limits.TO_A_DEADLINE


def test_where_less_is_left_a_message_is_refused_with_what_would_come_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.lint.routes.TO_A_DEADLINE", 60.0)
    [reason] = why("The council's offices are closed today.")
    assert reason.startswith("with it, the last day to appeal is ")
    assert reason.endswith(" seconds from pick-up, and 60 are the most")


def test_a_helpline_whose_calls_do_not_begin_with_a_greeting_takes_none(tmp_path: Path) -> None:
    content = read_content(copied(tmp_path), KINDS)
    context = context_for(content, TODAY, with_voice=False)
    assert list(refusals("We are closed.", content, context)) == [
        "calls begin at front/hello, which is no step of the kind greeting"
    ]


def test_a_greeting_without_its_words_is_reported_by_other_rules(tmp_path: Path) -> None:
    kind = Edit(file="flows/front.yaml", old="hello:\n  kind: say", new="hello:\n  kind: greeting")
    words = Edit(file="prompts/en-GB/front.yaml", old="hello: Hello,", new="hallo: Hello,")
    content = read_content(copied(tmp_path, [kind, words]), KINDS)
    assert list(routes_with(LONGEST, content, context_for(content, TODAY, with_voice=False)))
