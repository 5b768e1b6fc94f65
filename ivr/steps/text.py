"""Sends a text about what the caller is concerned with."""

from ivr.engine.effects import SendText
from ivr.engine.step import Decision, Perform, StepContext, Target, own
from ivr.helpline.call_variables import announced_deadline
from ivr.helpline.sms_bodies import (
    CONTACT_TO_TEXT,
    DEADLINE,
    DEADLINES,
    GENERAL,
    PUT_THROUGH,
    contact_blanks,
    contact_values,
    date_values,
    deadline_sms,
    put_through_on,
    render_sms,
    sms_topic,
)
from ivr.helpline.sms_step import SmsStep
from ivr.helpline.working_days import england_and_wales


class Text(SmsStep):
    """Says nothing itself: its sentences are the texts. The text is in the outbox before an exit is taken.

    In a flow:

        text:
          kind: text
          to: mobile                # where the confirmed number is kept
          about: [school, health]   # the flows with a text of their own; “general” is for the others
          contacts: [ombudsman]     # {ombudsman} is their number; {ombudsman_name}, {ombudsman_email}, {ombudsman_post}
          tells: {school: [complaint_first]} # the rules of law in them; the general text must do without any
          kept: kept
          capped: capped            # that number, or everyone, has been sent enough for now
          stopped: stopped          # that number has said STOP
          down: down                # it cannot be written down just now

    The texts about a deadline are chosen by how it stands today, if the caller was told of it: their dates come before
    everything else. Any other caller who asked for a number that the text on their topic has not gets the general one,
    and so does everybody while a rule of law in the other may not be stated. A line with {put_through} is written only
    for a caller whom we put through to a contact who answered, and has the day of it.
    """

    about: tuple[str, ...] = ()
    tells: dict[str, tuple[str, ...]] = {}
    kept: Target
    capped: Target
    stopped: Target
    down: Target

    def sentences(self) -> dict[str, frozenset[str]]:
        names = dict.fromkeys((*self.about, GENERAL), frozenset[str]()) | DEADLINES
        return {name: dates | {PUT_THROUGH} | contact_blanks(self.contacts) for name, dates in names.items()}

    def optional_blanks(self) -> frozenset[str]:
        return super().optional_blanks() | {PUT_THROUGH}

    def stated(self) -> frozenset[str]:
        return super().stated().union(*self.tells.values())

    def stated_by(self, name: str) -> frozenset[str]:
        return super().stated_by(name).union(self.tells.get(name, ()))

    def enter(self, context: StepContext) -> Decision:
        variables, words = context.state.variables, context.words
        topic, sentence = self._chosen(context)
        values = contact_values(self.contacts, context.environment, words)
        calendar = england_and_wales(context.environment.one_off_holidays)
        values |= date_values(announced_deadline(variables, calendar), words.language.tag)
        values[PUT_THROUGH] = put_through_on(variables, words.language.tag)
        effect = SendText(variables[self.to], render_sms(words, sentence, values), topic)
        return Perform(effect, context.state.with_variable(CONTACT_TO_TEXT, ""))

    def _chosen(self, context: StepContext) -> tuple[str, str]:
        """Return the topic, and the text for it: with the number in it that the caller asked for, if they did."""
        variables = context.state.variables
        calendar = england_and_wales(context.environment.one_off_holidays)
        topic = sms_topic(context.state.topic, self.about)
        name = deadline_sms(variables, context.environment.now, calendar) if topic == DEADLINE else topic
        wanted = {variables.get(CONTACT_TO_TEXT, "")} - {""} if name in (topic, DEADLINE) else set()
        is_stale = not context.environment.are_good(self.tells.get(name, ()))
        if is_stale or not wanted <= context.words.sentences[own(context.at, name)].blanks:
            topic = name = GENERAL
        return topic, own(context.at, name)


KIND = Text
