"""A rule about whom callers are sent to: somebody who can help with what they rang about."""

from collections.abc import Iterator, Mapping

from ivr.engine.content import Content
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.helpline.contacts import FILE, Contact, contacts_of
from ivr.helpline.sms_bodies import DEADLINE, DEADLINES, GENERAL, blanks_for_contact
from ivr.lint.choices import before_a_menu
from ivr.lint.registry import LintContext, rule

FIELD = "helps_with"


@rule(
    "wrong_number_for_topic",
    "release",
    "Whoever is named, rung or texted to a caller can help with the topic of the call, or of the text.",
)
def wrong_number_for_topic(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a contact that is one choice away from a flow, or in a text, whose topic it does not list under
    `helps_with`; one that callers are given and that lists none; and a topic in such a list that there is not.
    """
    contacts = contacts_of(content)
    used = {who for step in content.steps.values() for who in (step.speaks_of(), step.rings(), *step.writes_of())}
    for who in contacts.keys() & used:
        yield from _badly_listed(content, who, contacts[who])
    listed = {who: contact for who, contact in contacts.items() if contact.helps_with}
    yield from _in_calls(content, listed)
    yield from _in_texts(content, listed)


def _badly_listed(content: Content, who: str, contact: Contact) -> Iterator[Problem]:
    source = content.sources[FILE]
    if not contact.helps_with:
        yield source.problem(f"callers are given “{who}”: list under {FIELD} the topics in which they can help", who)
    for place, topic in enumerate(contact.helps_with):
        if topic not in {*content.topics, GENERAL, *DEADLINES} and not content.may_hold("flows/", topic):
            yield source.problem(f"“{topic}” is no flow with a topic, and no text", who, FIELD, str(place))


def _in_calls(content: Content, contacts: Mapping[str, Contact]) -> Iterator[Problem]:
    """Report an exit of a flow with a topic that leads, with nothing more to choose, to somebody who cannot help."""
    for at, step in content.steps.items():
        for path, target in step.exits() if (topic := _flow(at)) in content.topics else ():
            for other in sorted(before_a_menu(content, target, lambda one: _flow(one) in content.topics)):
                who = content.steps[other].speaks_of() or content.steps[other].rings() or ""
                is_of_topic = _flow(other) == topic or _flow(other) not in content.topics
                if who in contacts and is_of_topic and topic not in contacts[who].helps_with:
                    says = f"{at} leads to {other}, and “{who}” cannot help with the topic “{topic}”"
                    yield content.at_step(at, f"{says}: see {FIELD} in {FILE}", *path)


def _in_texts(content: Content, contacts: Mapping[str, Contact]) -> Iterator[Problem]:
    for at, step in content.steps.items():
        for name in sorted(step.texted()):
            topic = name if name in content.topics or name == GENERAL else DEADLINE
            sentence = content.sentences.get(own(at, name))
            for who in step.writes_of() if sentence else ():
                is_named = sentence and sentence.blanks.intersection(blanks_for_contact(who))
                if is_named and who in contacts and not {topic, name} & {*contacts[who].helps_with}:
                    says = f"this text names “{who}”, who cannot help with the topic “{topic}”"
                    yield content.at_sentence(own(at, name), f"{says}: see {FIELD} in {FILE}")


def _flow(at: str) -> str:
    return at.partition("/")[0]
