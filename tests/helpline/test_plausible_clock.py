"""A clock that other clocks or the database contradict is not believed, and one that is right always is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.plausible_clock import LONGEST_PAUSE, TOLERANCE, ClockEvidence, clock_doubts

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  bounds
errors = st.timedeltas(-TOLERANCE, TOLERANCE)
wrong = st.one_of(
    st.timedeltas(TOLERANCE + MINUTE, timedelta(days=9999)), st.timedeltas(timedelta(days=-9999), -TOLERANCE - MINUTE)
)


@given(moments, errors, errors, moments)
def test_a_clock_that_the_provider_confirms_is_believed_after_any_pause(
    now: datetime, one: timedelta, other: timedelta, last_seen: datetime
) -> None:
    assert clock_doubts(ClockEvidence(now, now + one, now + other, last_seen)) == ()


@given(moments, wrong, errors)
def test_a_clock_that_the_provider_contradicts_is_not_believed(
    now: datetime, error: timedelta, other: timedelta
) -> None:
    assert len(clock_doubts(ClockEvidence(now, now + error, now + other, now))) == 1


@given(moments, errors, wrong)
def test_a_clock_that_the_database_server_contradicts_is_not_believed_even_if_the_provider_confirms_it(
    now: datetime, one: timedelta, error: timedelta
) -> None:
    [doubt] = clock_doubts(ClockEvidence(now, now + one, now + error, now))
    assert "database server" in doubt


@given(moments, st.timedeltas(-TOLERANCE, LONGEST_PAUSE), st.booleans())
def test_without_the_provider_a_clock_is_believed_that_goes_on_where_the_database_last_saw_it(
    last_seen: datetime, later: timedelta, is_postgresql: bool
) -> None:
    now = last_seen + later
    assert clock_doubts(ClockEvidence(now, None, now if is_postgresql else None, last_seen)) == ()


@given(moments, st.one_of(st.timedeltas(LONGEST_PAUSE + MINUTE, timedelta(days=9999)), st.just(-11 * MINUTE)))
def test_without_the_provider_a_clock_that_jumped_is_not_believed_though_the_server_on_this_machine_has_the_same(
    last_seen: datetime, jump: timedelta
) -> None:
    now = last_seen + jump
    assert clock_doubts(ClockEvidence(now, None, now, last_seen))


@given(moments)
def test_where_nothing_is_known_nothing_can_be_destroyed_and_any_clock_is_believed(now: datetime) -> None:
    assert clock_doubts(ClockEvidence(now)) == ()


@pytest.mark.parametrize("jump", [20 * DAY, -20 * DAY, timedelta(hours=1), timedelta(hours=-1)], ids=str)
def test_whatever_contradicts_it_is_told_with_its_time(jump: timedelta) -> None:
    doubts = clock_doubts(ClockEvidence(NOW + jump, NOW, NOW, NOW))
    assert doubts == (
        "the provider's clock says 2026-11-23T10:00:00+00:00",
        "the database server's clock says 2026-11-23T10:00:00+00:00",
    )
