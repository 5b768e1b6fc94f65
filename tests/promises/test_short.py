"""Short, also while staff have every caller told an emergency message of eight seconds."""

from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette

from ivr.app import build
from ivr.engine.durations import words_at_150_wpm
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import LONDON
from ivr.lint.limits import EMERGENCY, TO_A_DEADLINE, TO_A_PERSON
from tests.phone_calls import ADVISERS, LAST_DAY, NOW, rings, telephone
from tests.test_calls import settings

LONGEST = "The council is closed today because of snow. You can still ring us, and we will help you as ever."


@pytest.fixture
def app() -> Starlette:
    """The real helpline, with the longest message that staff can set."""
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    app = build(settings(), lambda: now)
    app.state.staff_cache.emergency = EmergencyMessage(LONGEST, now + timedelta(hours=1))
    return app


def test_the_message_is_as_long_as_one_may_be() -> None:
    assert words_at_150_wpm((LONGEST,)) == EMERGENCY


async def test_a_person_is_rung_within_twenty_seconds_of_speech(app: Starlette) -> None:
    phone = await rings(telephone(app=app), "0")
    assert phone.dialled[0].number == ADVISERS[0]
    assert phone.heard_seconds <= TO_A_PERSON


async def test_the_last_day_is_told_within_seventy_five_seconds_of_speech(app: Starlette) -> None:
    phone = await rings(telephone(app=app), *LAST_DAY)
    phone.hears("Then you can appeal until Monday the fourteenth of December")
    await phone.presses("1", when_named=True)
    assert phone.heard_seconds <= TO_A_DEADLINE
