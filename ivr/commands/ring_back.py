"""The call of `ivr callbacks ring`: the adviser's number, and the provider client."""

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
from ivr.tokens import CallStateTokens
from ivr.web.callback_call import CallbackCall
from ivr.wiring import build_provider


class NoSuchAdviser(IvrError):
    """The name is not on the rota, and is not a phone number."""


async def line_of(db: AsyncConnection, cipher: Cipher, adviser: str, by: str) -> tuple[str, str]:
    """Return name and number (E.164) of an adviser given by either; a number not on the rota belongs to `by`.

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
    """Open a client that connects adviser and caller; raises SettingsError without provider account or caller id."""
    from ivr.loader import load

    if not settings.can_ring or settings.caller_id is None:
        raise SettingsError("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set to ring somebody")
    tokens = CallStateTokens(*settings.secrets, clock=settings.clock)
    async with build_provider(settings) as provider:
        offer = load(settings.content).flows.step_of_kind(CALL_BACK_OFFER)
        yield CallbackCall(store, provider, tokens, settings.public_url, settings.caller_id, offer, settings.clock)
