"""Tells whether there is a date ahead to remind the caller of, and what must be done by it."""

from collections.abc import Iterator, Mapping

from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.helpline.call_variables import announced_deadline, missing_for_a_deadline, upcoming_date_of
from ivr.helpline.working_days import england_and_wales


class DatesAhead(Step):
    """Says nothing: chooses an exit by the deadline that the caller has been told.

    In a flow:

        dates:
          kind: dates_ahead
          contact_by: offer_contact # the day to contact the mediation adviser by
          send_by: offer_send       # the day to send the appeal by
          none: next                # no date, or too late to remind anybody of it
    """

    contact_by: Target
    send_by: Target
    none: Target

    def goes_by(self, variables: Mapping[str, str]) -> frozenset[str]:
        return missing_for_a_deadline(variables)

    def ahead(self, variables: Mapping[str, str]) -> Iterator[Target]:
        is_told = announced_deadline(variables, england_and_wales())
        yield from (self.contact_by, self.send_by, self.none) if is_told else (self.none,)

    def enter(self, context: StepContext) -> Decision:
        calendar = england_and_wales(context.environment.one_off_holidays)
        found = upcoming_date_of(context.state.variables, context.environment.today, calendar)
        return Go(getattr(self, found.matter) if found else self.none, context.state)


KIND = DatesAhead
