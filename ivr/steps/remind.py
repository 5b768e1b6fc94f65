"""Schedules texts before a date that the caller must keep."""

from collections.abc import Mapping

from ivr.engine.effects import ScheduleReminders
from ivr.engine.step import Decision, Go, Perform, StepContext, Target, own
from ivr.helpline.call_variables import announced_deadline, missing_for_a_deadline, upcoming_date_of
from ivr.helpline.reminders import ReminderKind
from ivr.helpline.sms_bodies import DEADLINE, contact_blanks, contact_values, date_values, render_sms
from ivr.helpline.sms_step import SmsStep
from ivr.helpline.working_days import england_and_wales


class Remind(SmsStep):
    """Says nothing itself: its sentences are the texts, one for each thing to be done by a date.

    In a flow:

        remind:
          kind: remind
          to: mobile                # where the confirmed number is kept
          contacts: [mediation]
          kept: reminded
          nothing: too_late         # no day is left on which to remind anybody
          capped: capped
          stopped: stopped
          down: down
    """

    kept: Target
    nothing: Target
    capped: Target
    stopped: Target
    down: Target

    def sentences(self) -> dict[str, frozenset[str]]:
        blanks = contact_blanks(self.contacts)
        return {matter.value: blanks | {matter.value} for matter in ReminderKind}

    def goes_by(self, variables: Mapping[str, str]) -> frozenset[str]:
        return missing_for_a_deadline(variables)

    def enter(self, context: StepContext) -> Decision:
        variables, words = context.state.variables, context.words
        calendar = england_and_wales(context.environment.one_off_holidays)
        found = upcoming_date_of(variables, context.environment.today, calendar)
        if found is None:
            return Go(self.nothing, context.state)
        values = contact_values(self.contacts, context.environment, words)
        values |= date_values(announced_deadline(variables, calendar), words.language.tag)
        written = render_sms(words, own(context.at, found.matter), values)
        texts = tuple((due, written) for due in found.reminders)
        return Perform(ScheduleReminders(variables[self.to], DEADLINE, texts), context.state)


KIND = Remind
