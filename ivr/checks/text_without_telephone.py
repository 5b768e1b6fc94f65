"""Many have no internet: every text has a telephone number in it, of somebody whom we are sure of."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.contacts import FILE, OURS, read_contacts
from ivr.helpline.facts import VERIFIED


def check(content: Content) -> Iterator[Problem]:
    """A text without a blank for a verified contact's number; our own number, which is a setting, is not enough."""
    contacts = read_contacts(content.sources[FILE])[0] if FILE in content.sources else {}
    written = content.sources[FILE].content if FILE in content.sources else {}
    unread = written.keys() - contacts.keys()  # what is wrong with those is told elsewhere
    sure = unread | {who for who, contact in contacts.items() if contact.say and contact.sure == VERIFIED}
    for at, step in content.steps.items():
        for who in sorted(set(step.writes_of()) - written.keys() - {OURS}):
            yield content.at_step(at, f"there is no contact “{who}” in {FILE}", "contacts")
        for name in sorted(step.texted()):
            sentence = content.sentences.get(own(at, name))
            if sentence and not sentence.blanks & sure:
                says = "this text has no telephone number of a contact that is sure (V), for those without internet"
                yield content.at_sentence(own(at, name), says)
