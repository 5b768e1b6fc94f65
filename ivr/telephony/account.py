"""Our account at the provider: what it is, what is left on it, its numbers, and what the provider says of them.

https://www.twilio.com/docs/iam/api/account, https://www.twilio.com/docs/usage/api
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ivr.telephony.alerts import Alert, read_alert
from ivr.telephony.compliance import Registration, read_registration
from ivr.telephony.incoming_numbers import IncomingNumber, read_incoming_number
from ivr.telephony.product_client import ProductClient
from ivr.telephony.protected_asset import ProtectedAsset, Sleep
from ivr.telephony.resources import making_sense
from ivr.telephony.rest_client import RestClient

THE_ACCOUNT = ""
ACTIVE, TRIAL = "active", "Trial"
MOST_ALERTS_IN_A_PAGE = "1000"


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """`status` is `active` where all is well. `primary_token` signs webhooks; None where the provider hides it."""

    status: str
    is_trial: bool
    is_subaccount: bool
    primary_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on the account; below zero it is owed."""

    amount: Decimal
    currency: str


class Account:
    """Everything here raises ProviderError."""

    def __init__(self, client: RestClient, auth_token: str) -> None:
        self._client, self._auth_token = client, auth_token
        self._monitor = ProductClient(client, "monitor")
        self._trust_hub = ProductClient(client, "trusthub")
        self._numbers = ProductClient(client, "numbers")

    async def details(self) -> AccountDetails:
        """Return what the account is."""
        with making_sense():
            answer = await self._client.get(THE_ACCOUNT)
            owner, token = answer.get("owner_account_sid"), answer.get("auth_token")
            is_subaccount = owner not in (None, answer["sid"])
            return AccountDetails(str(answer["status"]), answer.get("type") == TRIAL, is_subaccount, token or None)

    async def balance(self) -> Balance:
        """Return what is left. https://www.twilio.com/docs/usage/api/account-balance"""
        with making_sense():
            answer = await self._client.get("Balance")
            try:
                return Balance(Decimal(answer["balance"]), str(answer["currency"]))
            except InvalidOperation as error:
                raise ValueError("the balance is no number") from error

    async def numbers(self) -> list[IncomingNumber]:
        """Return the numbers of our account, and where their calls and texts are sent."""
        with making_sense():
            pages = self._client.pages("IncomingPhoneNumbers", "incoming_phone_numbers", {})
            return [read_incoming_number(one) async for one in pages]

    async def configure(self, sid: str, configuration: Mapping[str, str]) -> IncomingNumber:
        """Set parameters of a number, such as `VoiceUrl`; the others stay. Return the number as it is now."""
        with making_sense():
            path = f"IncomingPhoneNumbers/{sid}"
            return read_incoming_number(await self._client.post(path, dict(configuration), "number"))

    async def verified_caller_ids(self) -> list[str]:
        """Return the numbers (E.164) of others that we may show as our caller id."""
        with making_sense():
            pages = self._client.pages("OutgoingCallerIds", "outgoing_caller_ids", {})
            return [str(one["phone_number"]) async for one in pages]

    def protected_asset(self, name: str, sleep: Sleep) -> ProtectedAsset:
        """Return the file that the provider keeps under that name."""
        return ProtectedAsset(self._client, self._auth_token, name, sleep)

    async def alerts(self, since: datetime) -> list[Alert]:
        """Return what went wrong for the provider since then: https://www.twilio.com/docs/usage/monitor-alert"""
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"StartDate": start, "PageSize": MOST_ALERTS_IN_A_PAGE}
        with making_sense():
            return [read_alert(one) async for one in self._monitor.pages("v1/Alerts", query)]

    async def business_profiles(self) -> list[Registration]:
        """Return our customer profiles: https://www.twilio.com/docs/trust-hub/trusthub-rest-api/customer-profiles"""
        with making_sense():
            return [read_registration(one) async for one in self._trust_hub.pages("v1/CustomerProfiles")]

    async def bundle(self, sid: str) -> Registration:
        """Return a regulatory bundle: https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles"""
        with making_sense():
            answer: dict[str, Any] = await self._numbers.get(f"v2/RegulatoryCompliance/Bundles/{sid}", "bundle")
            return read_registration(answer)
