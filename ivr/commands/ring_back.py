"""What `ivr callbacks ring` needs: whose telephone it is, and the provider to ring it by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.config import Number, Settings
from ivr.errors import IvrError, SettingsError
from ivr.helpline.whisper import CALL_BACK_OFFER
from ivr.store import rota
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.tokens import CallStateTokens
from ivr.web.callback_call import CallbackCall


class NoSuchAdviser(IvrError):
    """A name that the rota does not have, and that is no number either."""


async def line_of(db: AsyncConnection, cipher: Cipher, adviser: str, by: str) -> tuple[str, str]:
    """Name and number (E.164) of an adviser given by either; a number that is not on the rota belongs to `by`.

    Raises NoSuchAdviser.
    """
    ours = await rota.read(db, cipher)
    named = [one for one in ours if one.name.casefold() == adviser.casefold()]
    if named:
        return named[0].name, named[0].number
    try:
        number = TypeAdapter(Number).validate_python(adviser)
    except ValidationError:
        names = ", ".join(one.name for one in ours) or "nobody yet"
        raise NoSuchAdviser(f"The rota has {names}. Or write a number with its country.") from None
    return next((one.name for one in ours if one.number == number), by), number


@asynccontextmanager
async def ring_back(settings: Settings, store: Store) -> AsyncIterator[CallbackCall]:
    """A way to ring both ends; raises SettingsError without an account at the provider and a number to show."""
    from ivr.app import load

    if not settings.can_ring or settings.caller_id is None:
        raise SettingsError("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set to ring somebody")
    tokens = CallStateTokens(*settings.secrets, clock=settings.clock)
    async with Provider(settings.account_sid, settings.auth_token, settings.api_url) as provider:
        offer = load(settings.content).flows.step_of_kind(CALL_BACK_OFFER)
        yield CallbackCall(store, provider, tokens, settings.public_url, settings.caller_id, offer, settings.clock)
