"""What advisers and managers are texted about a shift, in the words of the helpline. Nothing of a caller is in it."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from babel.dates import format_date

from ivr.engine.prompts import Words
from ivr.helpline.gsm7 import smart
from ivr.helpline.intervals import Interval
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.helpline.timezone import LONDON

REMINDER, DECLINED, NOT_CONFIRMED = "shift_reminder", "shift_declined", "shift_not_confirmed"
AFTER_ALL = "shift_after_all"
REPLIES = {ShiftAnswer.coming: "shift_coming", ShiftAnswer.not_coming: "shift_not_coming"}
WHEN = frozenset({"day", "start", "end"})
SHIFT_TEXTS = {
    **dict.fromkeys((REMINDER, *REPLIES.values()), WHEN),
    **dict.fromkeys((DECLINED, NOT_CONFIRMED, AFTER_ALL), WHEN | {"name"}),
}
"""The shared sentences, each with its blanks."""


@dataclass(frozen=True)
class ShiftWords:
    """The texts about a shift, in one language."""

    words: Words

    def reminder(self, shift: Interval) -> str:
        """Return what an adviser is asked before their shift."""
        return self._text(REMINDER, shift)

    def reply(self, answer: ShiftAnswer, shift: Interval) -> str:
        """Return what an adviser hears back."""
        return self._text(REPLIES[answer], shift)

    def declined(self, name: str, shift: Interval) -> str:
        """Return what managers are told of somebody who cannot come."""
        return self._text(DECLINED, shift, name=name)

    def not_confirmed(self, name: str, shift: Interval) -> str:
        """Return what managers are told of somebody who has not answered."""
        return self._text(NOT_CONFIRMED, shift, name=name)

    def after_all(self, name: str, shift: Interval) -> str:
        """Return what managers are told of somebody who can come although they had said that they cannot."""
        return self._text(AFTER_ALL, shift, name=name)

    def _text(self, sentence: str, shift: Interval, **besides: str) -> str:
        begins, ends = (moment.astimezone(LONDON) for moment in shift)
        values = {"day": short_day(begins, self.words.language.tag), "start": _clock(begins), "end": _clock(ends)}
        return smart(self.words.phrase(f"helpline.{sentence}", **values, **besides))


def short_day(day: datetime, language: str) -> str:
    """Return a day of the next weeks, short enough for a text.

    >>> short_day(datetime(2026, 12, 14, tzinfo=LONDON), "en-GB")
    'Mon 14 Dec'
    """
    return format_date(day, "EEE d MMM", Locale.parse(language, sep="-")).replace(".", "")


def _clock(here: datetime) -> str:
    return f"{here.hour}:{here:%M}"
