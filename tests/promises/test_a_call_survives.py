"""A call survives us: any process answers any key press."""

from itertools import cycle

import pytest
from starlette.types import Receive, Scope, Send

from tests.phone_calls import A_WHOLE_CALL, AT, LAST_DAY_WITH_A_CERTIFICATE, rings, telephone
from tests.test_calls import helpline


@pytest.mark.parametrize("keys", [A_WHOLE_CALL, LAST_DAY_WITH_A_CERTIFICATE, ("0", "1"), ("2", "1", "1", "#", "0")])
async def test_a_call_survives_a_restart_between_any_two_webhooks(keys: tuple[str, ...]) -> None:
    undisturbed = await rings(telephone(otherwise="declines"), *keys)
    processes = cycle([helpline(AT, {}) for _ in range(3)])

    async def any_of_them(scope: Scope, receive: Receive, send: Send) -> None:
        await next(processes)(scope, receive, send)

    disturbed = await rings(telephone(otherwise="declines", app=any_of_them), *keys)
    assert str(disturbed.transcript) == str(undisturbed.transcript)
    assert not disturbed.failures
