"""`ivr worker` does not begin what it cannot do."""

import asyncio

import pytest

from ivr.commands.worker import working
from ivr.config import Settings
from ivr.errors import SettingsError


async def test_without_a_number_to_text_from_it_says_what_is_missing() -> None:
    settings = Settings(dev=True, auth_token="token", account_sid="AC1")
    with pytest.raises(SettingsError, match="IVR_SMS_FROM"):
        await working(settings, asyncio.Event())
