"""Rules about contacts: who is named, rung or texted, and what is said of them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ivr.engine.content import SERVICE, Content
from ivr.engine.graph import exits_of, reached
from ivr.engine.prompts import BLANK, Sentence
from ivr.engine.step import own
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS, FILE, OURS, Contact, contacts_of
from ivr.helpline.sms_bodies import contact_blanks
from ivr.lint.names import wanted_in_vain
from ivr.lint.readability import sentences_in
from ivr.lint.registry import LintContext, rule

PROPER_NAME = re.compile(r"[A-Z][\w'-]*(?: (?:and|for|of|the|[A-Z][\w'-]*))* [A-Z][\w'-]*")
"""Of two words or more. One that begins with “the” says what somebody is: “the Ombudsman” may be said anywhere."""
IN_THE_LETTER = re.compile(r"\bin (?:[\w'-]+ ){1,3}letter\b|\bletter\b.*\bin it\b", re.IGNORECASE)
"""“The number in your letter”, or “if you have a letter, first ring the number in it”."""
ALWAYS_SAY = frozenset({"say", "reading"})
"""The kinds of step whose sentences are all heard by whoever goes on from there."""
IN_A_FALLBACK = frozenset({"name", "number"})


@rule(
    "unknown_contact",
    "start",
    "Everybody whom a step names is one of the contacts, our advisers, or the helpline itself.",
)
def unknown_contact(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a contact that is not in the file, and one to be rung that has no number to dial."""
    source = content.sources.get(FILE, Source(FILE))
    contacts = contacts_of(content)
    wanted: dict[str, list[Problem]] = {}
    named = {ADVISERS, OURS}
    for at, step in content.steps.items():
        names = {*filter(None, (step.speaks_of(), step.rings())), *step.writes_of()}
        for who in names - source.content.keys() - {ADVISERS, OURS}:
            if not content.may_hold(FILE, who):
                problem = content.at_value(at, f"there is no contact “{who}” in {FILE}", who)
                wanted.setdefault(who, []).append(problem)
        named |= names
        rung = contacts.get(step.rings() or "")
        if rung and not rung.dial:
            yield content.at_step(at, f"“{step.rings()}” has no number to dial in {FILE}", "who")
    unnamed = source.content.keys() - named
    yield from wanted_in_vain(wanted, source.content, unnamed, lambda who, says: source.problem(says, who))


@rule(
    "contact_named",
    "release",
    "Nobody's name, number or e-mail address is written out in a prompt: they stand in `flows/contacts.yaml` alone.",
)
def contact_named(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report the proper name, number or e-mail address, in a sentence, of anybody whom some step names, rings or texts
    of.

    In a prompt they are blanks, so that another service, or another number, is one edit, and a fact that has run out
    is said nowhere.
    """
    named = {who for step in content.steps.values() for who in (step.speaks_of(), step.rings(), *step.writes_of())}
    for who, contact in contacts_of(content).items():
        for part, pattern in _patterns(contact).items() if who in named else ():
            says = f"the {part} of “{who}” is written out here: leave a blank for it, as it stands in {FILE}"
            for name in _matching(pattern, content.sentences):
                yield content.at_sentence(name, says)
            for translation in content.translations:
                for name in _matching(pattern, translation.sentences):
                    yield content.at_translation(translation, name, says)


def _patterns(contact: Contact) -> Mapping[str, re.Pattern[str]]:
    """Return what matches each part of a contact that must not be written out, however it is spaced."""
    name = contact.name if PROPER_NAME.fullmatch(contact.name) else None
    words = {"name": name, "e-mail address": contact.email}
    parts = {part: re.escape(text) for part, text in words.items() if text}
    if contact.say:
        parts["number"] = "[ -]?".join(re.sub("[^0-9]", "", contact.say))
    return {part: re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE) for part, written in parts.items()}


def _matching(pattern: re.Pattern[str], sentences: Mapping[str, Sentence]) -> Iterator[str]:
    return (name for name, sentence in sentences.items() if pattern.search(sentence.text))


@rule(
    "letter_first",
    "release",
    "Whoever is rung only after the number in a letter is never named, rung or texted before that letter is.",
)
def letter_first(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a text with their name, number or address before the letter, or a way to them on which it is not named.

    A caller who rings the wrong mediation service may lose days of the few there are. Contacts marked `after_letter`
    in `flows/contacts.yaml` are held to it in every text, in what is said while all machines are down, and on every
    way to a step that reads out their number or rings them.
    """
    last = {who: contact for who, contact in contacts_of(content).items() if contact.after_letter}
    for at, step in content.steps.items():
        blanks = contact_blanks(last.keys() & set(step.writes_of()))
        for name in sorted(step.texted()):
            yield from _before_the_letter(content, own(at, name), blanks)
    if any(contact.when_down for contact in last.values()):
        yield from _before_the_letter(content, f"{SERVICE}.fallback_mediation", IN_A_FALLBACK)
    unwarned = reached(content.entries.values(), lambda at: _exits_unwarned(content, at))
    for at, step in content.steps.items():
        who = step.speaks_of() or step.rings()
        if at in unwarned and who in last:
            yield content.at_step(at, f"a caller can come here, to “{who}”, without hearing of the letter first", "who")


def _before_the_letter(content: Content, name: str, blanks: frozenset[str]) -> Iterator[Problem]:
    """Report the first of these blanks if no sentence before it says to look in the letter."""
    before = ""
    for sentence in sentences_in(content.sentences[name].text) if name in content.sentences else ():
        found = [blank for blank in BLANK.findall(sentence) if blank in blanks]
        if found and not IN_THE_LETTER.search(before):
            yield content.at_sentence(name, f"{{{found[0]}}} stands here before the number in the caller's letter")
            return
        before += f"{sentence} "


def _exits_unwarned(content: Content, at: str) -> Iterable[str]:
    """Return the exits by which a caller leaves a step without having heard of the letter there."""
    if at not in content.steps:
        return ()
    step = content.steps[at]
    names = [own(at, name) for name, blanks in step.sentences().items() if not blanks]
    said = [content.sentences[name].text for name in names if name in content.sentences]
    if step.kind in ALWAYS_SAY and any(map(IN_THE_LETTER.search, said)):
        return filter(None, [step.stale])
    return exits_of(content, at)
