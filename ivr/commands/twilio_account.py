"""A helpline and its account at the provider, opened for the commands of `ivr twilio`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from ivr.config import LOCALHOST, Settings
from ivr.errors import SettingsError
from ivr.fallback_document import fallback_document
from ivr.helpline.phone_numbers import parse_number
from ivr.provisioning import fallback
from ivr.provisioning import plan as provisioning
from ivr.provisioning.fallback import FallbackState
from ivr.provisioning.plan import NumberPlan, Wanted
from ivr.store import number_configurations
from ivr.store.database import Store
from ivr.store.number_configurations import Before
from ivr.telephony.account import ACTIVE, Account, AccountDetails
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.protected_asset import ProtectedAsset
from ivr.wiring import build_provider, build_store

NOT_YET = "(a protected Asset of the account, made now)"


@dataclass(frozen=True)
class Helpline:
    """A helpline with its store, and the account with its numbers as they were when it was opened."""

    settings: Settings
    wanted: Wanted
    store: Store
    account: Account
    details: AccountDetails
    numbers: Sequence[IncomingNumber]
    verified: Sequence[str]

    @property
    def document(self) -> bytes:
        """The fallback document of today."""
        return fallback_document(self.settings, self.settings.clock()).encode()

    @property
    def obstacles(self) -> list[str]:
        """What cannot work, each with its mend."""
        return [
            *unreachable(self.settings),
            *_not_active(self.details),
            *provisioning.obstacles(self.wanted, self.numbers, self.verified),
        ]

    @property
    def warnings(self) -> list[str]:
        """What may take a number from us, or keeps callers from us."""
        trial = ["a trial account says so to callers, and rings and texts verified numbers only: upgrade it"]
        return [*(trial if self.details.is_trial else []), *provisioning.warnings(self.plans(None))]

    @property
    def number_for_calls(self) -> IncomingNumber | None:
        """The number that callers ring, if it is of the account."""
        return next((one for one in self.numbers if one.number == self.wanted.calls), None)

    def plans(self, fallback_url: str | None) -> list[NumberPlan]:
        """Return what is to be changed of each number that is ours."""
        return provisioning.plan(self.wanted, self.numbers, fallback_url)

    def asset(self) -> ProtectedAsset:
        """Return the file with the fallback document; raises SettingsError without a number for calls."""
        number = self.number_for_calls
        if number is None:
            raise SettingsError("IVR_NUMBER is not a number of the account: see `ivr twilio show`")
        return self.account.protected_asset(fallback.asset_name(number.sid), asyncio.sleep)

    async def fallback_state(self) -> FallbackState:
        """Return how the fallback document is at the provider."""
        return await fallback.state(self.asset(), self.document) if self.number_for_calls else FallbackState(None)

    def address_of(self, state: FallbackState) -> str:
        """Return the address of the fallback document, or words for one that is not made yet."""
        return state.place.url if state.place else NOT_YET

    async def written_down(self) -> Mapping[str, Before]:
        """Return what the numbers were before. Raises DatabaseUnavailable, InvalidToken."""
        async with self.store.read() as db:
            return await number_configurations.read(db, self.store.cipher)

    async def remove_fallback(self) -> bool:
        """Delete the fallback document of a number of which nothing is written down, and its address at the number.

        Return whether it was there.
        """
        number = self.number_for_calls
        if number is None:
            return False
        place = await self.asset().find()
        now = next((one for one in await self.account.numbers() if one.sid == number.sid), None)
        if place and now and now.fallback.url == place.url:
            await self.account.configure(number.sid, {"VoiceFallbackUrl": ""})
        return await self.asset().remove()


@asynccontextmanager
async def open_helpline(settings: Settings, number: str | None) -> AsyncIterator[Helpline]:
    """Open the helpline of the settings; raises SettingsError without an account or a number, ProviderError."""
    calls = number or parse_number(settings.number or "")
    if not settings.can_fetch:
        raise SettingsError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set, from the first page of the console")
    if calls is None:
        raise SettingsError("IVR_NUMBER must be set: the number that callers ring (or --number)")
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(build_provider(settings))
        store = await stack.enter_async_context(build_store(settings))
        account = provider.account
        wanted = Wanted(settings.public_url, calls, settings.sms_from, settings.caller_id, settings.canary_number)
        details = await account.details()
        numbers, verified = await account.numbers(), await account.verified_caller_ids()
        yield Helpline(settings, wanted, store, account, details, numbers, verified)


def unreachable(settings: Settings) -> list[str]:
    """Return why the provider cannot reach us safely; on this machine it may be a fake one, and we as we like."""
    ours, theirs = urlsplit(settings.public_url), urlsplit(settings.api_url)
    if ours.hostname in LOCALHOST and theirs.hostname not in LOCALHOST:
        return ["IVR_PUBLIC_URL is an address of this machine, which Twilio cannot reach"]
    if ours.scheme != "https" and ours.hostname not in LOCALHOST:
        return ["IVR_PUBLIC_URL begins with http: serve https, so that nobody reads along, and write https there"]
    return []


def _not_active(details: AccountDetails) -> list[str]:
    told = f"the account is {details.status}: see Twilio's console, or its support"
    return [] if details.status == ACTIVE else [told]
