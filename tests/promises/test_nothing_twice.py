"""Nothing twice: the same webhook delivered again gets the same answer."""

import pytest

from tests.phone_calls import A_WHOLE_CALL, LAST_DAY_WITH_A_CERTIFICATE, rings, telephone


@pytest.mark.parametrize("keys", [A_WHOLE_CALL, LAST_DAY_WITH_A_CERTIFICATE, ("9", "9", "0", "1"), ("2", "1", "#")])
async def test_nothing_twice_every_webhook_may_come_again_at_any_time(keys: tuple[str, ...]) -> None:
    phone = await rings(telephone(otherwise="declines"), *keys)
    for webhook, document in zip(phone.requests, phone.documents, strict=True):
        assert await phone.webhooks.send(webhook) == document
