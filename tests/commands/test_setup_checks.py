"""What `ivr setup` finds out about an answer, at a fake provider that is asked over HTTP."""

from collections.abc import AsyncIterator

import pytest

from ivr.commands.setup_checks import checks
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.server import served

FURTHER = "+447700900555"


@pytest.fixture
async def answers() -> AsyncIterator[dict[str, str]]:
    """What is answered so far, with an account that has a number to show and two mobile ones."""
    account = TwilioAccount(token="token")
    account.incoming_numbers = [IncomingNumberResource(number) for number in (CALLER_ID, SENDER, FURTHER)]
    async with served(account) as url:
        yield {
            "TWILIO_API_URL": url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": "token",
            "IVR_SECRET_KEY": "A" * 43,
            "IVR_SMS_FROM": SENDER,
        }


@pytest.mark.parametrize("given", ["token", "older,token", "token,newer"])
async def test_while_a_token_is_replaced_both_may_stand_there(answers: dict[str, str], given: str) -> None:
    verdict = await checks().works["TWILIO_AUTH_TOKEN"](answers | {"TWILIO_AUTH_TOKEN": given})
    assert not verdict.refused
    assert verdict.told == ["Twilio knows the account. It is active."]


async def test_a_number_in_use_is_not_offered_for_the_test_call(answers: dict[str, str]) -> None:
    offer = checks().offers["IVR_CANARY_NUMBER"]
    assert await offer(answers) == [FURTHER]
    assert await offer(answers | {"IVR_CANARY_NUMBER": FURTHER}) == [FURTHER]
