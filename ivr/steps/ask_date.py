"""Asks for a date in eight keys: day, month, year."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from ivr.engine.question import DigitsQuestion, NoMatch
from ivr.engine.step import Decision, Go, StepContext, own
from ivr.helpline.call_variables import DATE_PROMPT, SAMPLE_DATES, date_variable, speak_date

LONG_AGO = timedelta(days=3653)
"""Ten years: a letter older than that is a slip of the finger in the year."""


class AskDate(DigitsQuestion):
    """A past date; what is wrong with one that will not do is explained before it is asked for again.

    In a flow:

        letter:
          kind: ask_date
          keep: letter
          got: confirm_letter
          otherwise: person/ring
    """

    not_before: str | None = None
    num_digits: ClassVar[int] = 8
    shares = (
        DigitsQuestion.shares
        | DATE_PROMPT
        | {
            "date_unfinished": frozenset({"keyed"}),
            "date_impossible": frozenset({"keyed"}),
            "date_to_come": frozenset({"date"}),
            "date_long_ago": frozenset({"date"}),
        }
    )

    def sentences(self) -> dict[str, frozenset[str]]:
        return self.says | ({"too_early": frozenset({"earliest"})} if self.not_before else {})

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAMPLE_DATES}

    def wants(self) -> frozenset[str]:
        return frozenset({self.not_before} if self.not_before else ())

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        digits = [key for key in keys if key.isdigit()]
        if not digits:
            return NoMatch()
        try:
            day = parse(keys)
        except ValueError:
            name = "date_impossible" if len(keys) == len(digits) == self.num_digits else "date_unfinished"
            return self._wrong(context, f"helpline.{name}", keyed=", ".join(digits))
        if day > context.environment.today:
            return self._wrong(context, "helpline.date_to_come", date=speak_date(day, context.words))
        if day < context.environment.today - LONG_AGO:
            return self._wrong(context, "helpline.date_long_ago", date=speak_date(day, context.words))
        if self.not_before and day < (earliest := date_variable(context.state.variables, self.not_before)):
            return self._wrong(context, own(context.at, "too_early"), earliest=speak_date(earliest, context.words))
        return Go(self.got, context.state.with_variable(self.keep, day.isoformat()))

    def _wrong(self, context: StepContext, name: str, **values: str) -> NoMatch:
        return NoMatch(context.words.say(context.words.speech(name, **values)))


def parse(keys: str) -> date:
    """Return the date in eight keys, day month year; a ValueError for anything else.

    >>> parse("14102026")
    datetime.date(2026, 10, 14)
    """
    if len(keys) != AskDate.num_digits or not keys.isdigit():
        raise ValueError(keys)
    return date(day=int(keys[:2]), month=int(keys[2:4]), year=int(keys[4:]))


KIND = AskDate
