"""Whoever is rung only after the number in a letter is never named, rung or texted before that letter is.

A caller who rings the wrong mediation service may lose days of the few there are. Contacts marked `after_letter` in
`flows/contacts.yaml` are held to it in every text, in what is said while all machines are down, and on every way to a
step that reads out their number or rings them.
"""

import re
from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.means import Means
from ivr.engine.prompts import BLANK
from ivr.engine.step import Step, own
from ivr.errors import Problem
from ivr.helpline.contacts import FILE, read_contacts
from ivr.helpline.plain_english import sentences_in
from ivr.helpline.text_bodies import contact_blanks

IN_THE_LETTER = re.compile(r"\bin (?:[\w'-]+ ){1,3}letter\b|\bletter\b.*\bin it\b", re.IGNORECASE)
"""“The number in your letter”, or “if you have a letter, first ring the number in it”."""
ALWAYS_SAY = frozenset({"say", "reading"})
"""The kinds of step whose sentences are all heard by whoever goes on from there."""
IN_A_FALLBACK = frozenset({"name", "number"})


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A text with their name, number or address before the letter, or a way to them on which it is not named."""
    source = content.sources.get(FILE)
    contacts = read_contacts(source)[0] if source else {}
    last = {who for who, contact in contacts.items() if contact.after_letter}
    yield from _in_texts(content, last)
    if any(contact.when_down for who, contact in contacts.items() if who in last):
        yield from _in_order(content, f"{SERVICE}.fallback_mediation", IN_A_FALLBACK)
    unwarned = _reached_without(content)
    for at, step in content.steps.items():
        who = step.speaks_of() or step.rings()
        if at in unwarned and who in last:
            yield content.at_step(at, f"a caller can come here, to “{who}”, without hearing of the letter first", "who")


def _in_texts(content: Content, last: set[str]) -> Iterator[Problem]:
    for at, step in content.steps.items():
        blanks = contact_blanks(last.intersection(step.writes_of()))
        for name in sorted(step.texted()):
            yield from _in_order(content, own(at, name), blanks)


def _in_order(content: Content, name: str, blanks: frozenset[str]) -> Iterator[Problem]:
    """Whether a sentence before the first of these blanks says to look in the letter."""
    before = ""
    for sentence in sentences_in(content.sentences[name].text) if name in content.sentences else ():
        found = [blank for blank in BLANK.findall(sentence) if blank in blanks]
        if found and not IN_THE_LETTER.search(before):
            yield content.at_sentence(name, f"{{{found[0]}}} stands here before the number in the caller's letter")
            return
        before += f"{sentence} "


def _reached_without(content: Content) -> set[str]:
    """The steps to which a call can come without having heard where to look first."""
    seen, ahead = set[str](), [str(at) for at in content.entries.values()]
    while ahead:
        at = ahead.pop()
        if at in seen or at not in content.steps:
            continue
        seen.add(at)
        step = content.steps[at]
        exits = [step.stale] if _names_the_letter(content, at, step) else [target for _, target in step.exits()]
        ahead += [str(target) for target in exits if target]
    return seen


def _names_the_letter(content: Content, at: str, step: Step) -> bool:
    """In a sentence that is heard by all: not one that offers a key."""
    names = [own(at, name) for name, blanks in step.sentences().items() if not blanks]
    said = [content.sentences[name].text for name in names if name in content.sentences]
    return step.kind in ALWAYS_SAY and any(map(IN_THE_LETTER.search, said))
