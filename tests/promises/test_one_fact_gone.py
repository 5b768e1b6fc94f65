"""Nothing stale, fact by fact: let one run out, or doubt it, and every sentence on it is gone from calls and texts."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from re import escape, search
from shutil import copytree

import pytest
from msgspec import structs

from ivr.commands.lint_context import context_for
from ivr.config import CONTENT
from ivr.engine.call_state import CallState
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.durations import spoken_parts
from ivr.engine.effects import ScheduleReminders, SendText
from ivr.engine.events import Digits
from ivr.engine.question import Question
from ivr.engine.run import PendingEffect, Reply, begin, run
from ivr.engine.step import own
from ivr.fallback_document import fallback_document
from ivr.helpline.contacts import Contact
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import LegalRule, good_rules
from ivr.helpline.rota import of_setting
from ivr.lint.sentences import texted
from ivr.loader import load, read
from ivr.steps import KINDS
from tests.made_up import noon, said
from tests.test_calls import settings
from tests.walk import is_in

HELPLINE = load()
SERVICE = HELPLINE.flows
TODAY = date(2026, 11, 30)
TOLD = {
    "decision": "plan",
    "school_only": "no",
    "letter": "2026-10-14",
    "has_certificate": "yes",
    "certificate": "2026-11-20",
    "told": "2026-12-20",
    "mobile": "+447700900123",
}
"""What a caller has said who can come to any step about a decision."""
STANDINGS: tuple[dict[str, str], ...] = (
    {},
    {"has_certificate": "no", "told": "2026-12-14"},
    {"school_only": "yes", "told": "2026-12-14"},
    {"letter": "2026-09-01", "certificate": "2026-09-02", "told": "2026-11-01"},
    {"letter": "2026-09-01", "has_certificate": "no", "told": "2026-11-01"},
    {"letter": "2026-09-28", "has_certificate": "no", "told": "2026-11-28"},
    {"letter": "2026-09-30", "has_certificate": "no", "told": "2026-11-30"},
    {"letter": "2026-09-29", "certificate": "2026-10-01", "told": "2026-11-29"},
    {"letter": "2026-09-30", "certificate": "2026-10-01", "told": "2026-11-30"},
)
DOUBTED = {"sure": "K", "errs_early": None}
RUN_OUT = {"good_until": TODAY - timedelta(days=1)}
in_both_ways = pytest.mark.parametrize("change", [RUN_OUT, DOUBTED], ids=["run out", "doubted"])


def environment(
    rules: Mapping[str, LegalRule] | None = None, contacts: Mapping[str, Contact] | None = None
) -> HelplineEnvironment:
    advisers = of_setting(("+447700900001",))
    good = good_rules(rules or HELPLINE.rules, TODAY)
    return HelplineEnvironment(noon(TODAY), contacts or HELPLINE.contacts, advisers, "01632 960000", good_rules=good)


def heard(reply: Reply | PendingEffect) -> str:
    if isinstance(reply, Reply):
        return said(reply.turn)
    return " ".join(part for say in reply.said for part in say.speech if isinstance(part, str))


def read_in(reply: Reply | PendingEffect) -> str:
    """Return the text that is sent, if one is."""
    match reply:
        case PendingEffect(effect=SendText(body=body)):
            return body
        case PendingEffect(effect=ScheduleReminders(texts=texts)):
            return "\n".join(body for _, body in texts)
    return ""


def states() -> Iterator[CallState]:
    """Callers on every topic, and about a decision in every way that it can stand."""
    for topic in ("", *SERVICE.topics):
        for standing in STANDINGS if topic == "deadline" else STANDINGS[:1]:
            yield CallState(topic=topic, variables=TOLD | standing)


def stating(rule: str) -> list[str]:
    return [at for at, step in SERVICE.steps.items() if rule in step.states]


@in_both_ways
@pytest.mark.parametrize("rule", HELPLINE.rules)
def test_no_step_says_a_rule_that_may_not_be_stated(rule: str, change: dict[str, object]) -> None:
    rules = {**HELPLINE.rules, rule: HELPLINE.rules[rule].model_copy(update=change)}
    for at in stating(rule):
        step = SERVICE.steps[at]
        names = [own(at, name) for name, blanks in step.sentences().items() if "key" not in blanks]
        for state in states():
            replies = [begin(SERVICE, at, environment(rules), state)]
            if isinstance(step, Question):  # it ran out while the call waited there
                replies.append(run(SERVICE, at, state, Digits("*"), environment(rules)))
            for reply in replies:
                assert reply.at != at
                assert not [name for name in names if is_in(name, heard(reply))]
                assert not [name for name in names if is_in(name, read_in(reply))]


@in_both_ways
@pytest.mark.parametrize("rule", HELPLINE.rules)
def test_no_text_tells_a_rule_that_may_not_be_stated(rule: str, change: dict[str, object]) -> None:
    rules = {**HELPLINE.rules, rule: HELPLINE.rules[rule].model_copy(update=change)}
    tells = getattr(SERVICE.steps["sms/text"], "tells")  # noqa: B009
    telling = [own("sms/text", name) for name, told in tells.items() if rule in told]
    for state in states():
        body = read_in(begin(SERVICE, "sms/text", environment(rules), state))
        assert body
        assert not [name for name in telling if is_in(name, body)], body


@in_both_ways
@pytest.mark.parametrize("who", HELPLINE.contacts)
def test_nothing_of_a_contact_is_written_that_may_not_be_given(who: str, change: dict[str, object]) -> None:
    update = {key: value for key, value in change.items() if key in Contact.model_fields}
    contact = HELPLINE.contacts[who].model_copy(update=update)
    for at, step in SERVICE.steps.items():
        if who in step.writes_of():
            for state in states():
                body = read_in(begin(SERVICE, at, environment(contacts={**HELPLINE.contacts, who: contact}), state))
                assert not [one for one in details(contact) if one in body], body


def details(contact: Contact) -> list[str]:
    """What would tell of them: the name of one is no secret where it is no proper name."""
    return [one for one in (contact.say, contact.email, contact.post) if one]


@cache
def of_folder(folder: Path) -> tuple[Content, str]:
    """A helpline, and everything in it that can be heard, with pauses left out."""
    content = read_content(folder, KINDS)
    context = context_for(content, TODAY, with_voice=False)
    return content, " ".join(
        part for one in context.heard for verb in one.turn.verbs for say in spoken_parts(verb) for part in say.speech
        if isinstance(part, str)
    )  # fmt: skip


def folder_with(tmp_path: Path, old: str, new: str) -> Path:
    """Our own flows and prompts, with one thing changed in contacts.yaml."""
    for part in ("flows", "prompts"):
        copytree(CONTENT / part, tmp_path / part)
    file = tmp_path / "flows" / "contacts.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")
    return tmp_path


def spelt(contact: Contact) -> list[str]:
    """What is heard of somebody: their number key by key, their addresses word by word, and their name."""
    number = [" ".join(group) for group in (contact.say or "").split()]
    return [*number[1:], *([contact.name] if contact.name[0].isupper() else [])]


@pytest.mark.parametrize("who", [who for who, contact in HELPLINE.contacts.items() if contact.sure == "V"])
def test_nothing_of_a_contact_is_said_that_nobody_is_sure_of(who: str, tmp_path: Path) -> None:
    entry = f"\n{who}:\n"
    text = (CONTENT / "flows" / "contacts.yaml").read_text("utf-8")
    block = text[text.index(entry) :].split("\n\n")[0]
    folder = folder_with(tmp_path, block, block.replace("\n  sure: V", "\n  sure: K"))
    _, before = of_folder(CONTENT)
    _, after = of_folder(folder)
    only_theirs = [one for one in spelt(HELPLINE.contacts[who]) if before.count(one)]
    assert not [one for one in only_theirs if search(rf"\b{escape(one)}\b", after)]


OTHERS = {
    "name: Global Mediation": "name: Peace Makers",
    "say: 0800 064 4488": "say: 0808 157 0100",
    'dial: ["+448000644488", "+442084411355"]': 'dial: ["+448081570100"]',
    "email: sen@globalmediation.co.uk": "email: talk@peacemakers.example",
}


def test_another_mediation_service_is_one_entry_and_the_old_one_is_nowhere(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "name: Global Mediation", "name: Peace Makers")
    file = folder / "flows" / "contacts.yaml"
    text = file.read_text("utf-8")
    for old, new in OTHERS.items():
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    content, speech = of_folder(folder)
    swapped = read(folder)
    new_desk = structs.replace(environment(), contacts=swapped.contacts)
    texts = [read_in(begin(swapped.flows, "sms/text", new_desk, state)) for state in states()]
    texts += [read_in(begin(swapped.flows, "sms/remind", new_desk, state)) for state in states()]
    down = fallback_document(settings({"IVR_CONTENT": str(folder)}), noon(TODAY))
    everything = "\n".join([speech, down, *texts, *(sentence.text for sentence in content.sentences.values())])
    for old in ("Global", "globalmediation", "0800 064 4488", "0 8 0 0, 0 6 4", "0 6 4,"):
        assert old not in everything, old
    assert "Peace Makers" in speech
    assert "Peace Makers" in down
    assert any("Peace Makers, 0808 157 0100, talk@peacemakers.example" in body for body in texts)


def test_first_the_number_in_the_letter_stands_before_the_mediation_service_in_every_text() -> None:
    content, _ = of_folder(CONTENT)
    for name, text in texted(content).items():
        if "{mediation" in text:
            assert "letter" in text.partition("{mediation")[0], name
