import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, parse_spans
from ivr.helpline.opening_hours import Span


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([], []),
        (["09:00-17:00"], ["09:00-17:00"]),
        (["13:00-17:00", "09:00-12:30"], ["09:00-12:30", "13:00-17:00"]),
        (["09:00-12:30", "12:30-17:00"], ["09:00-12:30", "12:30-17:00"]),
        (["22:00-06:00", "09:00-12:00"], ["09:00-12:00", "22:00-06:00"]),
        (["00:00-24:00"], ["00:00-00:00"]),
        (["08:00-08:00"], ["08:00-08:00"]),
    ],
)
def test_hours_are_read_as_people_write_them(written: list[str], read: list[str]) -> None:
    assert [str(span) for span in parse_spans(written)] == read


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["9-5"], "“9-5” is not hours; write from when to when, such as 09:00-12:30"),
        (["09:00 - 17:00"], "“09:00 - 17:00” is not hours"),
        (["09:00-17:00-18:00"], "is not hours"),
        (["09:00-17:0"], "is not hours"),
        (["09:60-17:00"], "there is no 09:60 in “09:60-17:00”"),
        (["24:00-06:00"], "there is no 24:00"),
        ([""], "“” is not hours"),
        (["09:00-17:00", "16:59-18:00"], "09:00-17:00 and 16:59-18:00 overlap"),
        (["22:00-06:00", "23:00-23:30"], "22:00-06:00 and 23:00-23:30 overlap"),
        (["09:00-17:00", "09:00-17:00"], "09:00-17:00 and 09:00-17:00 overlap"),
    ],
)
def test_what_is_no_hours_is_told_in_words(written: list[str], told: str) -> None:
    with pytest.raises(ValueError, match=r"overlap|is not hours|there is no") as refused:
        parse_spans(written)
    assert told in str(refused.value)


@given(st.builds(Span, st.times(), st.times()))
def test_whatever_is_written_is_read_again(span: Span) -> None:
    to_the_minute = Span(span.start.replace(second=0, microsecond=0), span.end.replace(second=0, microsecond=0))
    assert parse_spans([str(span)]) == (to_the_minute,)


def test_a_week_goes_by_the_names_of_its_days() -> None:
    written = {name: [f"0{place}:00-12:00"] for place, name in enumerate(WEEKDAYS)}
    week = WeeklyHours.model_validate(written).week()
    assert {place: str(*spans) for place, spans in week.items()} == {day: f"0{day}:00-12:00" for day in range(7)}
    assert set(WeeklyHours().week().values()) == {()}
