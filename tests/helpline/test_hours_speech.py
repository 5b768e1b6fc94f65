from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from ivr.engine.prompts import Sentence, Words
from ivr.helpline.hours_format import WeeklyHours, parse_spans
from ivr.helpline.hours_speech import speak_opening, speak_time, speak_week
from ivr.helpline.opening_hours import Week
from ivr.helpline.timezone import LONDON
from ivr.loader import load

WORDS = load().flows.words


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("09:00", "nine"),
        ("08:00", "eight"),
        ("12:00", "twelve"),
        ("13:00", "one"),
        ("17:30", "half past five"),
        ("17:59", "five fifty-nine"),
        ("09:15", "nine fifteen"),
        ("12:05", "twelve oh five"),
        ("09:10", "nine ten"),
        ("07:59", "seven fifty-nine in the morning"),
        ("01:00", "one in the morning"),
        ("18:00", "six in the evening"),
        ("20:30", "half past eight in the evening"),
        ("22:00", "ten at night"),
        ("00:00", "midnight"),
        ("00:30", "half past twelve at night"),
    ],
)
def test_a_time_is_said_as_people_say_it(written: str, said: str) -> None:
    assert speak_time(time.fromisoformat(written), WORDS) == said


def test_no_two_minutes_of_a_day_are_said_alike_and_none_with_a_digit() -> None:
    said = {speak_time(time(hour, minute), WORDS) for hour, minute in product(range(24), range(60))}
    assert len(said) == 24 * 60
    assert not any(letter.isdigit() for words in said for letter in words)


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        ("2026-11-23T14:00", "today at two"),
        ("2026-11-24T09:00", "tomorrow at nine"),
        ("2026-11-25T09:30", "on Wednesday at half past nine"),
        ("2026-11-29T09:00", "on Sunday at nine"),
        ("2026-11-30T09:00", "on Monday the thirtieth of November at nine"),
        ("2027-01-05T09:00", "on Tuesday the fifth of January at nine"),
        ("2026-11-23T18:30", "today at half past six in the evening"),
        ("2026-11-24T00:00", "today at midnight"),
        ("2026-11-25T00:00", "tomorrow at midnight"),
    ],
)
def test_the_next_opening_is_said_from_where_the_caller_is(opens: str, said: str) -> None:
    assert speak_opening(at(opens), at("2026-11-23T10:00"), WORDS) == said


def test_tomorrow_is_the_next_day_on_the_calendar_at_any_hour_and_in_any_zone() -> None:
    for now in ("2026-10-24T00:00", "2026-10-24T23:59"):
        assert speak_opening(at("2026-10-25T09:00"), at(now), WORDS) == "tomorrow at nine"
        assert (
            speak_opening(at("2026-10-25T09:00").astimezone(UTC), at(now).astimezone(UTC), WORDS) == "tomorrow at nine"
        )
    midsummer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past twelve at night in London
    assert speak_opening(datetime(2026, 7, 1, 8, tzinfo=UTC), midsummer, WORDS) == "today at nine"


def test_every_opening_of_a_week_has_words_of_its_own() -> None:
    now = at("2026-11-23T10:00")
    said = {speak_opening(at("2026-11-23T11:00") + timedelta(days=days), now, WORDS) for days in range(30)}
    assert len(said) == 30


def week(*days: list[str]) -> Week:
    return {place: parse_spans(spans) for place, spans in enumerate(days)}


OFFICE = ["09:00-17:00"]
SPLIT = ["09:30-12:30", "13:00-16:00"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (week(*[OFFICE] * 5), "Monday to Friday, nine to five"),
        (week(*[OFFICE] * 7), "every day, nine to five"),
        (week(*[SPLIT] * 5), "Monday to Friday, half past nine to half past twelve, and one to four"),
        (week(*[OFFICE] * 4, ["09:00-13:00"]), "Monday to Thursday, nine to five, and Friday, nine to one"),
        (week(OFFICE), "Monday, nine to five"),
        (week([], OFFICE, OFFICE), "Tuesday and Wednesday, nine to five"),
        (
            week(["13:00-16:00"], *[["10:00-13:00"]] * 3, ["13:00-16:00"]),
            "Monday, one to four, Tuesday to Thursday, ten to one, and Friday, one to four",
        ),
        (week([], [], [], [], [], ["18:00-22:00"]), "Saturday, six in the evening to ten at night"),
        (
            {6: parse_spans(["08:00-09:00", "10:00-11:00", "12:00-13:00"])},
            "Sunday, eight to nine, ten to eleven, and twelve to one",
        ),
    ],
)
def test_a_week_is_said_with_days_that_are_alike_together(hours: Week, said: str) -> None:
    assert speak_week(hours, WORDS) == said


def test_another_language_has_its_own_words_and_order() -> None:
    told = {"opens_weekday": "{time}, {weekday}", "time_hour": "godz. {hour}", "week_hours": "{spans}: {days}"}
    sentences = {**WORDS.sentences, **{f"helpline.{name}": Sentence(text) for name, text in told.items()}}
    polish = Words(replace(WORDS.language, tag="pl-PL"), sentences)
    assert speak_opening(at("2026-11-25T09:00"), at("2026-11-23T10:00"), polish) == "godz. dziewięć, środa"
    assert speak_week(week(OFFICE), polish) == "godz. dziewięć to godz. pięć: poniedziałek"


def test_our_own_hours_are_said_as_they_stand_in_the_file_while_they_are_confirmed() -> None:
    helpline = load()
    assert helpline.ours
    assert helpline.hours_to_say(helpline.ours.good_until) == "Monday to Friday, nine to five"
    assert helpline.hours_to_say(helpline.ours.good_until + timedelta(days=1)) is None
    assert replace(helpline, ours=None).hours_to_say(date(2026, 11, 23)) is None
    assert replace(helpline, ours=None).hours is None
    never = helpline.ours.model_copy(update={"weekly": WeeklyHours()})
    assert replace(helpline, ours=never).hours_to_say(date(2026, 11, 23)) is None
