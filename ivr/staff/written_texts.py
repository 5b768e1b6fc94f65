"""The written texts that an adviser can send after a talk: those that callers can ask for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.environment import Environment
from ivr.helpline.deadlines import of_last_day
from ivr.helpline.next_step import Certificate
from ivr.helpline.sms_bodies import DEADLINE, GENERAL
from ivr.helpline.topic_text import TopicText
from ivr.helpline.working_days import england_and_wales
from ivr.staff.lookup import NoSuchItem

DEADLINE_TITLES = {
    Certificate.missing: "Their last day to appeal, without a mediation certificate",
    Certificate.held: "Their last day to appeal, with a mediation certificate, or if they need none",
    None: "Dates for an appeal",
}
GENERAL_TITLE = "Numbers and links on any topic"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text as it would be sent today: `name` tells it from the others, `title` is for whoever chooses one."""

    name: str
    title: str
    body: str


def offered(
    flows: CallFlows, environment: Environment, topic: str, deadline: date | None, audience: str
) -> list[WrittenText]:
    """Return the texts for a caller: on the last day if they were told one, on what they talked about, the others."""

    def place(text: WrittenText) -> tuple[bool, bool, bool]:
        is_about_the_day = deadline is not None and text.name.startswith(DEADLINE)
        return not is_about_the_day, text.name != topic, text.name != GENERAL

    return sorted(_offered(flows, environment, deadline, audience), key=place)


def chosen(texts: list[WrittenText], name: str) -> WrittenText:
    """Return the text of a name; raise NoSuchItem."""
    for text in texts:
        if text.name == name:
            return text
    raise NoSuchItem(f"There is no text “{name}” for this caller; there are: {', '.join(one.name for one in texts)}.")


def _offered(flows: CallFlows, environment: Environment, deadline: date | None, audience: str) -> Iterator[WrittenText]:
    words = flows.shared_for(CallState(audience=audience)).words
    found = of_last_day(deadline, england_and_wales(environment.one_off_holidays)) if deadline else None
    for at, step in flows.steps.items():
        if isinstance(step, TopicText):
            for name, certificate in step.to_send(environment, found):
                body = step.body(at, name, words, environment, found)
                yield WrittenText(name, _title(flows, step, name, certificate), body)


def _title(flows: CallFlows, step: TopicText, name: str, certificate: Certificate | None) -> str:
    if name == GENERAL:
        return GENERAL_TITLE
    if name not in step.about:
        return DEADLINE_TITLES[certificate]
    prompt = flows.topics.get(name)
    return flows.words.text(prompt) if prompt else name.replace("_", " ")
