"""What stands in the document: each sentence once, under its flow and step, with who hears it and what fills it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ivr.diagrams.exits import exits
from ivr.engine.content import SERVICE, Content
from ivr.engine.prompts import BLANK
from ivr.engine.step import Step, own
from ivr.helpline.contacts import ADVISERS, OURS, Contact, read_contacts
from ivr.helpline.sms_bodies import blanks_for_contact
from ivr.prompt_script.order import in_order

CALLER, ADVISER, TEXT, ALERT = "the caller hears", "an adviser hears", "the caller reads", "an adviser reads"
BY_TEXT = {"text_number": TEXT, "sms_answer": TEXT, "alert_message": ALERT}
"""Shared sentences that are read by eye."""


@dataclass(frozen=True)
class Line:
    """One sentence: its full name, its words with what fills its blanks, and who hears or reads it."""

    name: str
    words: str
    who: str


@dataclass(frozen=True)
class Part:
    """A step, or what belongs to no step: its sentences, and where each key leads."""

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
class Known:
    """A fact that is said: whose, what, and how we know."""

    name: str
    said: str
    known: str


@dataclass(frozen=True)
class Manuscript:
    """All of it. `mark` is another one as soon as a word or a fact is another one: it is that which is signed."""

    made: date
    fingerprint: str
    chapters: tuple[Chapter, ...]
    facts: tuple[Known, ...]

    def lines(self) -> Iterator[Line]:
        """Every sentence, in order."""
        yield from (line for chapter in self.chapters for part in chapter.parts for line in part.lines)


def manuscript(content: Content, made: date) -> Manuscript:
    """Every sentence there is, each once; those that nobody says come last, for somebody to see that they are there."""
    source = content.sources.get("flows/contacts.yaml")
    contacts = read_contacts(source)[0] if source else {}
    chapters = [Chapter(flow, tuple(_parts(content, flow, steps, contacts))) for flow, steps in in_order(content)]
    written = {line.name for chapter in chapters for part in chapter.parts for line in part.lines}
    left = [name for name in content.sentences if name not in written]
    shared = [_line(content, name, BY_TEXT.get(name.partition(".")[2], CALLER)) for name in left if _is_shared(name)]
    unsaid = [_line(content, name, "nobody hears") for name in left if not _is_shared(name)]
    chapters += [Chapter("said in many places", (Part(SERVICE, "", tuple(shared)),))]
    chapters += [Chapter("said by no step", (Part("", "", tuple(unsaid)),))] if unsaid else []
    facts = tuple(_facts(content, contacts))
    return Manuscript(made, _mark(content, facts), tuple(chapters), facts)


def _parts(content: Content, flow: str, steps: list[str], contacts: Mapping[str, Contact]) -> Iterator[Part]:
    if (topic := content.topics.get(flow)) and topic in content.sentences:
        yield Part(f"{flow}: the topic", "", (_line(content, topic, ADVISER),))
    for at in steps:
        step = content.steps[at]
        names = [name for name in step.sentences() if own(at, name) in content.sentences]
        keys = [f"{label}: {target}" if label else target for label, target in exits(step)]
        lines = tuple(_line(content, own(at, name), _who(step, name), _values(step, name, contacts)) for name in names)
        yield Part(at, step.kind.replace("_", " "), lines, tuple(keys), tuple(_named(step, contacts)))


def _who(step: Step, name: str) -> str:
    if name in step.alerts():
        return ALERT
    if name in step.texted():
        return TEXT
    return ADVISER if step.for_adviser else CALLER


def _values(step: Step, name: str, contacts: Mapping[str, Contact]) -> dict[str, str]:
    """What fills the blanks, as far as that is known before a call: keys, numbers and addresses."""
    keys = {str(choice["say"]): key for key, choice in step.model_dump().get("choices", {}).items()}
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


def _line(content: Content, name: str, who: str, values: Mapping[str, str] | None = None) -> Line:
    def fill(blank: str) -> str:
        return (values or {}).get(blank) or f"[{blank.replace('_', ' ')}]"

    words = BLANK.sub(lambda found: fill(found[1]), content.sentences[name].text)
    return Line(name, words, who)


def _named(step: Step, contacts: Mapping[str, Contact]) -> Iterator[str]:
    """Whom a step names or rings."""
    named = dict.fromkeys((step.speaks_of() or "", step.rings() or "", *step.writes_of()))
    yield from (contacts[who].name for who in named if who in contacts)
    yield from ("our advisers" if who == ADVISERS else "our own number" for who in named if who in (ADVISERS, OURS))


def _facts(content: Content, contacts: Mapping[str, Contact]) -> Iterator[Known]:
    named = {who for step in content.steps.values() for who in (step.speaks_of(), step.rings(), *step.writes_of())}
    for who, one in contacts.items():
        if who in named:
            said = ", ".join(filter(None, (one.say, one.email, one.post, one.website, one.hours)))
            known = f"{one.source}; checked on {one.checked_on}, good until {one.good_until}, sure: {one.sure}"
            yield Known(one.name, said, known + (f"; to check: {one.to_check}" if one.to_check else ""))


def _is_shared(name: str) -> bool:
    return name.startswith(f"{SERVICE}.")


def _mark(content: Content, facts: tuple[Known, ...]) -> str:
    """Eight letters and figures, made from every word and every fact."""
    said = "\n".join(f"{name}: {sentence.text}" for name, sentence in sorted(content.sentences.items()))
    return sha256(f"{said}\n{facts}".encode()).hexdigest()[:8]
