"""What is not as it must be stands on the page, and fails the command."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from torture.fault import Fault
from torture.faults import FAULTS
from torture.page import Run, Tried, page
from torture.tally import Tally
from torture.webhooks.fuzz import Found

GOOD = Tally(
    calls=60,
    in_progress=50,
    answers=1500,
    dropped=0,
    promised=30,
    broken=0,
    lost=0,
    doubled=1,
    slow=0,
    slowest=0.7,
    told=3,
    fallbacks=0,
    noticed=0.4,
    caught_up=1.2,
)
FAULT: Fault = FAULTS[0]
DAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


def run(*tried: Tried, found: Found | None = None) -> Run:
    return Run("make torture", 1, 50, DAY, 9.0, tried, found)


def test_a_good_day_is_good() -> None:
    done = run(Tried(FAULT, GOOD), found=Found(sent=10))
    assert done.is_good
    assert "not as it must be" not in page(done)


@pytest.mark.parametrize("wrong", [{"dropped": 1}, {"broken": 1}, {"lost": 1}, {"slow": 1}], ids=str)
def test_one_caller_badly_served_is_enough(wrong: dict[str, Any]) -> None:
    done = run(Tried(FAULT, GOOD), Tried(FAULT, replace(GOOD, **wrong)))
    assert not done.is_good
    assert page(done).count("**not as it must be**") == 1


def test_what_is_never_caught_up_with_is_not_as_it_must_be() -> None:
    assert not run(Tried(FAULT, replace(GOOD, caught_up=None))).is_good


def test_what_could_not_be_tried_is_told_and_not_taken_for_good() -> None:
    done = run(Tried(FAULT, None, "only root may mount"))
    assert not done.is_good
    assert "not tried: only root may mount" in page(done)


def test_webhooks_that_were_answered_badly_are_listed() -> None:
    found = Found(sent=10)
    found.complaints["odd field: 500"] += 2
    done = run(found=found)
    assert not done.is_good
    assert "- 2 times: odd field: 500" in page(done)


def test_the_page_says_by_which_command_and_when() -> None:
    told = page(run(Tried(FAULT, GOOD)))
    assert "written by `make torture`" in told
    assert "1 December 2026" in told


def test_every_fault_says_what_is_done_in_it() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert all(fault.says.endswith(".") for fault in FAULTS)
