"""Times of day, the next opening and a week of hours as they are said aloud, in sentences of the prompts."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby

from babel import Locale
from babel.dates import format_date
from num2words import num2words

from ivr.engine.environment import Opening
from ivr.engine.prompts import Words
from ivr.engine.step import own
from ivr.engine.verbs import Speech
from ivr.helpline.opening_hours import Span, Week
from ivr.helpline.spoken import date_words
from ivr.helpline.timezone import LONDON, ONE_DAY, today_in_london

TIMES = {
    "time_hour": frozenset({"hour"}),
    "time_half": frozenset({"hour"}),
    "time_minutes": frozenset({"hour", "minutes"}),
    "time_few_minutes": frozenset({"hour", "minutes"}),
    "time_midnight": frozenset[str](),
    "time_morning": frozenset({"time"}),
    "time_evening": frozenset({"time"}),
    "time_night": frozenset({"time"}),
}
OPENS = TIMES | {
    "opens_today": frozenset({"time"}),
    "opens_tomorrow": frozenset({"time"}),
    "opens_weekday": frozenset({"weekday", "time"}),
    "opens_date": frozenset({"weekday", "day", "month", "time"}),
}
"""The sentences that say when somebody is there again."""
WEEK = TIMES | {
    "week_days": frozenset({"first", "last"}),
    "week_two_days": frozenset({"first", "last"}),
    "week_every_day": frozenset[str](),
    "week_hours": frozenset({"days", "spans"}),
    "week_span": frozenset({"start", "end"}),
    "week_and": frozenset({"before", "last"}),
}
"""The sentences that say a week of hours."""

CLOSED = {"closed": frozenset({"opens"}), "closed_unknown": frozenset[str]()}
"""What a step says, under its own name, when nobody is there."""

A_WEEK = 7
MONDAY = date(2026, 11, 23)
MORNING, EVENING, NIGHT, SMALL_HOURS = time(8), time(18), time(22), time(1)
"""From eight in the morning to six nobody has to say which half of the day is meant."""


def speak_time(at: time, words: Words) -> str:
    """Return a time of day in words; with the part of the day where people would not guess it.

    The clock has twelve hours, as people say it: “half past nine”, “ten at night”.
    """
    if at == time():
        return words.phrase("helpline.time_midnight")
    locale = str(Locale.parse(words.language.tag, sep="-"))
    hour, minutes = (num2words(number, lang=locale) for number in ((at.hour - 1) % 12 + 1, at.minute))
    said = words.phrase(f"helpline.{_form(at)}", hour=hour, minutes=minutes)
    part = _part(at)
    return words.phrase(f"helpline.{part}", time=said) if part else said


def _form(at: time) -> str:
    if at.minute in (0, 30):
        return "time_half" if at.minute else "time_hour"
    return "time_minutes" if at.minute >= 10 else "time_few_minutes"


def _part(at: time) -> str:
    """Return the sentence with the part of the day; none at the hours of an ordinary working day."""
    if at >= NIGHT or at < SMALL_HOURS:
        return "time_night"
    if at >= EVENING:
        return "time_evening"
    return "time_morning" if at < MORNING else ""


def speak_opening(opens: datetime, now: datetime, words: Words) -> str:
    """Return when somebody is there again, as it is said now (both aware): “tomorrow at nine”."""
    there, today = opens.astimezone(LONDON), today_in_london(now)
    day = there.date() if there.time() != time() else there.date() - ONE_DAY  # midnight is the end of a day
    at = speak_time(there.time(), words)
    if day == today:
        return words.phrase("helpline.opens_today", time=at)
    if day == today + ONE_DAY:
        return words.phrase("helpline.opens_tomorrow", time=at)
    name = "opens_weekday" if (day - today).days < A_WEEK else "opens_date"
    return words.phrase(f"helpline.{name}", **date_words(day, words.language.tag), time=at)


def speak_closed(at: str, opening: Opening, now: datetime, words: Words, name: str = "") -> Speech:
    """Return a step's own sentence for when nobody is there (`name`), with the next opening in it if there is one."""
    if opening.opens is None:
        return words.speech(own(at, "closed_unknown"), name=name)
    return words.speech(own(at, "closed"), opens=speak_opening(opening.opens, now, words), name=name)


def speak_week(week: Week, words: Words) -> str:
    """Return a week of hours, like days together: “Monday to Thursday, nine to five, and Friday, nine to one”."""
    days = [(weekday, week.get(weekday, ())) for weekday in range(A_WEEK)]
    runs = [(spans, [day for day, _ in run]) for spans, run in groupby(days, key=lambda day: day[1]) if spans]
    said = [
        words.phrase("helpline.week_hours", days=_said_days(run, words), spans=_said_spans(spans, words))
        for spans, run in runs
    ]
    return _listed(said, words)


def _said_days(run: Sequence[int], words: Words) -> str:
    if len(run) == A_WEEK:
        return words.phrase("helpline.week_every_day")
    locale = Locale.parse(words.language.tag, sep="-")
    first, last = (format_date(MONDAY + day * ONE_DAY, "EEEE", locale) for day in (run[0], run[-1]))
    if first == last:
        return first
    name = "week_two_days" if len(run) == 2 else "week_days"
    return words.phrase(f"helpline.{name}", first=first, last=last)


def _said_spans(spans: Sequence[Span], words: Words) -> str:
    ends = [(speak_time(span.start, words), speak_time(span.end, words)) for span in spans]
    said = [words.phrase("helpline.week_span", start=start, end=end) for start, end in ends]
    return _listed(said, words)


def _listed(said: Sequence[str], words: Words) -> str:
    *before, last = said
    return words.phrase("helpline.week_and", before=", ".join(before), last=last) if before else last
