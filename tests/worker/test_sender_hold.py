"""A sender that is held back is held for as long as it must, and no longer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.worker.sender_hold import LONGEST_WAIT, SenderHold

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_each_failure_in_a_row_holds_twice_as_long_up_to_five_minutes() -> None:
    hold, now, waits = SenderHold(), NOW, []
    for _ in range(12):
        waits.append(hold.begin(now, "busy").total_seconds())
        now += timedelta(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_failures_of_one_moment_count_once() -> None:
    hold = SenderHold()
    for _ in range(10):
        hold.begin(NOW, "busy")
    assert hold.is_on(NOW)
    assert not hold.is_on(NOW + SECOND)


def test_what_the_provider_asks_for_is_kept_even_if_others_ask_for_less() -> None:
    hold = SenderHold()
    hold.begin(NOW, "busy", timedelta(seconds=300))
    hold.begin(NOW + SECOND, "busy", timedelta(seconds=5))
    assert hold.is_on(NOW + timedelta(seconds=299))
    assert not hold.is_on(NOW + timedelta(seconds=300))


def test_one_text_at_a_time_is_tried_until_one_is_taken() -> None:
    hold = SenderHold()
    assert not hold.is_probing
    hold.begin(NOW, "busy")
    assert hold.is_probing
    hold.end()
    assert not hold.is_probing
    assert not hold.is_on(NOW)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_no_clock_that_is_set_holds_it_longer_than_asked(moved: timedelta) -> None:
    hold = SenderHold()
    hold.begin(NOW, "busy")
    assert hold.is_on(NOW + moved) == (timedelta() <= moved < SECOND)
    assert hold.begin(NOW + moved, "busy") <= LONGEST_WAIT
