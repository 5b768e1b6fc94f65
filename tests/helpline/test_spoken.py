from datetime import date, timedelta

import pytest

from ivr.helpline.spoken import date_words, spoken_number

BRITISH = "{weekday} the {day} of {month}, {year}"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2000, 1, 1), "Saturday the first of January, two thousand"),
        (date(2005, 2, 3), "Thursday the third of February, two thousand and five"),
        (date(2010, 8, 12), "Thursday the twelfth of August, twenty ten"),
        (date(2024, 2, 29), "Thursday the twenty-ninth of February, twenty twenty-four"),
        (date(2026, 12, 14), "Monday the fourteenth of December, twenty twenty-six"),
        (date(2027, 1, 31), "Sunday the thirty-first of January, twenty twenty-seven"),
    ],
)
def test_a_date_is_said_as_people_say_it(day: date, words: str) -> None:
    assert BRITISH.format(**date_words(day, "en-GB")) == words


def test_a_pattern_may_leave_the_year_or_the_weekday_unsaid() -> None:
    assert "the {day} of {month}".format(**date_words(date(2026, 12, 14), "en-GB")) == "the fourteenth of December"


@pytest.mark.parametrize(("language", "weekday"), [("pl", "poniedziałek"), ("uk", "понеділок")])
def test_another_language_has_its_own_words(language: str, weekday: str) -> None:
    words = " ".join(date_words(date(2026, 12, 14), language).values())
    assert words.startswith(weekday)
    assert not any(letter.isdigit() for letter in words)


def test_every_date_of_fifty_years_has_words_of_its_own_and_no_digit() -> None:
    first, last = date(2000, 1, 1), date(2050, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    words = {BRITISH.format(**date_words(day, "en-GB")): day for day in days}
    assert list(words.values()) == days
    assert not any(letter.isdigit() for text in words for letter in text)


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("0800 064 4488", ("0 8 0 0", "0 6 4", "4 4 8 8")),
        ("0300 303 5857", ("0 3 0 0", "3 0 3", "5 8 5 7")),
        ("01392 380434", ("0 1 3 9 2", "3 8 0 4 3 4")),
        ("999", ("9 9 9",)),
    ],
)
def test_a_number_is_said_digit_by_digit_in_its_groups(number: str, groups: tuple[str, ...]) -> None:
    assert spoken_number(number) == groups


@pytest.mark.parametrize("number", ["0800 064 4488", "020 8441 1355"])
def test_no_digit_is_lost_in_saying_a_number(number: str) -> None:
    assert "".join(spoken_number(number)).replace(" ", "") == number.replace(" ", "")
