"""Every text says something, whichever contacts may not be written today."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.prompts import Sentence
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.contacts import OURS
from ivr.helpline.text_bodies import contact_blanks


def check(content: Content) -> Iterator[Problem]:
    """A text of which every line needs somebody else's number or address: it would be sent empty on that day."""
    for at, step in content.steps.items():
        others = contact_blanks(who for who in step.writes_of() if who != OURS)
        for name in sorted(step.texted()):
            sentence = content.sentences.get(own(at, name))
            if sentence and all(Sentence(line).blanks & others for line in sentence.text.splitlines()):
                says = "every line of this text needs a contact: set one apart by a blank line that needs none"
                yield content.at_sentence(own(at, name), says)
