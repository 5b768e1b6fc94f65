"""The content of the prompt script: each sentence once for each audience, under its flow and step, with its values."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from hashlib import sha256

from ivr.diagrams.exits import exits
from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import SERVICE, Content
from ivr.engine.prompts import BLANK, Sentence
from ivr.engine.step import Step, own
from ivr.helpline.contacts import ADVISERS, OURS, Contact, read_contacts
from ivr.helpline.shift_words import SHIFT_TEXTS
from ivr.helpline.sms_bodies import blanks_for_contact
from ivr.prompt_script.call_order import call_order

CALLER, ADVISER, TEXT, ALERT = "the caller hears", "an adviser hears", "the caller reads", "an adviser reads"
BY_TEXT = {"text_number": TEXT, "sms_answer": TEXT, "alert_message": ALERT, **dict.fromkeys(SHIFT_TEXTS, ALERT)}
"""Who reads the shared sentences that are sent as texts."""


@dataclass(frozen=True)
class Line:
    """One sentence: its full name, its words with what fills its blanks, and who hears or reads it.

    `audience` is the only one that it is written for; "" for a sentence to a parent, or to everybody.
    """

    name: str
    words: str
    who: str
    audience: str = ""

    @property
    def title(self) -> str:
        """The name, and who hears or reads it."""
        return f"{self.name}: {self.who}" + (f", as a {self.audience.replace('_', ' ')}" if self.audience else "")

    @property
    def id(self) -> str:
        """A name that no other line has."""
        return f"{self.name}.{self.audience}" if self.audience else self.name


@dataclass(frozen=True)
class Part:
    """A step, or sentences of no step: the sentences, and where each key leads."""

    name: str
    kind: str
    lines: tuple[Line, ...]
    keys: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A flow."""

    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Fact:
    """A contact that is named in the prompts, with its source and dates."""

    name: str
    text: str
    source: str


@dataclass(frozen=True)
class PromptScript:
    """The whole document. `fingerprint` identifies the words and facts that are signed."""

    as_of: date
    fingerprint: str
    chapters: tuple[Chapter, ...]
    facts: tuple[Fact, ...]

    def lines(self) -> Iterator[Line]:
        """Yield every sentence, in order."""
        yield from (line for chapter in self.chapters for part in chapter.parts for line in part.lines)


def prompt_script(content: Content, as_of: date) -> PromptScript:
    """Return the prompt script of some content; sentences that no step says come last."""
    source = content.sources.get("flows/contacts.yaml")
    contacts = read_contacts(source)[0] if source else {}
    chapters = [Chapter(flow, tuple(_parts(content, flow, steps, contacts))) for flow, steps in call_order(content)]
    written = {line.name for chapter in chapters for part in chapter.parts for line in part.lines}
    left = [name for name in _written(content) if name not in written]
    shared = _lines(content, {name: BY_TEXT.get(name.partition(".")[2], CALLER) for name in left if _is_shared(name)})
    unsaid = _lines(content, {name: "nobody hears" for name in left if not _is_shared(name)})
    chapters += [Chapter("said in many places", (Part(SERVICE, "", shared),))]
    chapters += [Chapter("said by no step", (Part("", "", unsaid),))] if unsaid else []
    facts = tuple(_facts(content, contacts))
    return PromptScript(as_of, _fingerprint(content, facts), tuple(chapters), facts)


def _parts(content: Content, flow: str, steps: list[str], contacts: Mapping[str, Contact]) -> Iterator[Part]:
    if (topic := content.topics.get(flow)) and topic in content.sentences:
        yield Part(f"{flow}: the topic", "", _lines(content, {topic: ADVISER}))
    for at in steps:
        step = content.steps[at]
        keys = [f"{label}: {target}" if label else target for label, target in exits(step)]
        names = {own(at, name): name for name in step.sentences()}
        said_to = {full: _who(step, name) for full, name in names.items()}
        lines = _lines(content, said_to, {full: _values(step, name, contacts) for full, name in names.items()})
        yield Part(at, step.kind.replace("_", " "), lines, tuple(keys), tuple(_contacts_named(step, contacts)))


def _who(step: Step, name: str) -> str:
    if name in step.alerts():
        return ALERT
    if name in step.texted() | step.answers():
        return TEXT
    return ADVISER if step.for_adviser else CALLER


def _values(step: Step, name: str, contacts: Mapping[str, Contact]) -> dict[str, str]:
    """Return the values of blanks that are known before a call: keys, numbers and addresses."""
    keys = {choice.say: key for key, choice in step.offers().items()} if isinstance(step, ChoiceQuestion) else {}
    offered = {label.partition(" ")[2]: label[:1] for label, _ in exits(step) if label[:1].isdigit()}
    found = keys | {"key": (keys | offered).get(name, "1")}
    for who in step.writes_of():
        if contact := contacts.get(who):
            given = (contact.say, contact.name, contact.email, contact.post)
            found |= {blank: value or "" for blank, value in zip(blanks_for_contact(who), given, strict=True)}
    if contact := contacts.get(step.speaks_of() or step.rings() or ""):
        address = contact.email if name == "email" else contact.post
        found |= {"number": contact.say or "", "name": contact.name, "address": address or ""}
    return {blank: value for blank, value in found.items() if value}


def _written(content: Content) -> Iterator[str]:
    """Yield the name of every sentence that is written for any audience."""
    variants = (variant.sentences for variant in content.audiences.values())
    yield from dict.fromkeys(name for sentences in (content.sentences, *variants) for name in sentences)


def _lines(
    content: Content, names: Mapping[str, str], values: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[Line, ...]:
    """Return the sentences of these names, each with who hears it; those for one audience under the parent's."""
    audiences = {"": content.sentences} | {name: one.sentences for name, one in content.audiences.items()}
    return tuple(
        Line(name, _filled(sentences[name], (values or {}).get(name, {})), who, audience)
        for name, who in names.items()
        for audience, sentences in audiences.items()
        if name in sentences
    )


def _filled(sentence: Sentence, values: Mapping[str, str]) -> str:
    """Return the words of a sentence; a blank that is filled during a call is shown by its name."""
    return BLANK.sub(lambda found: values.get(found[1]) or f"[{found[1].replace('_', ' ')}]", sentence.text)


def _contacts_named(step: Step, contacts: Mapping[str, Contact]) -> Iterator[str]:
    """Yield the names of the contacts that a step names or rings."""
    named = dict.fromkeys((step.speaks_of() or "", step.rings() or "", *step.writes_of()))
    yield from (contacts[who].name for who in named if who in contacts)
    yield from ("our advisers" if who == ADVISERS else "our own number" for who in named if who in (ADVISERS, OURS))


def _facts(content: Content, contacts: Mapping[str, Contact]) -> Iterator[Fact]:
    named = {who for step in content.steps.values() for who in (step.speaks_of(), step.rings(), *step.writes_of())}
    for who, one in contacts.items():
        if who in named:
            text = ", ".join(filter(None, (one.say, one.email, one.post, one.website, one.hours)))
            checked = f"{one.source}; checked on {one.checked_on}, good until {one.good_until}, sure: {one.sure}"
            yield Fact(one.name, text, checked + (f"; to check: {one.to_check}" if one.to_check else ""))


def _is_shared(name: str) -> bool:
    return name.startswith(f"{SERVICE}.")


def _fingerprint(content: Content, facts: tuple[Fact, ...]) -> str:
    """Return eight hexadecimal digits of a hash over all sentences, for every audience, and facts."""
    words = [(name, sentence.text) for name, sentence in sorted(content.sentences.items())]
    for audience, variant in sorted(content.audiences.items()):
        words += [(f"{name}.{audience}", sentence.text) for name, sentence in sorted(variant.sentences.items())]
    return sha256(repr((words, list(map(astuple, facts)))).encode()).hexdigest()[:8]
