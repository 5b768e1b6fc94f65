"""What is to be changed at the provider, and what cannot be: worked out before anything is done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from ivr.errors import IvrError
from ivr.helpline.phone_numbers import UNITED_KINGDOM
from ivr.telephony import number_configuration as configuration
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.number_configuration import Change, Configuration

CALLS, TEXTS, TEST_CALLS, CALLS_BACK = "calls", "texts", "test calls", "calls back"


class ProvisioningRefused(IvrError):
    """Something without which a helpline cannot be at the provider: one line for each thing."""

    def __init__(self, *obstacles: str) -> None:
        self.obstacles = obstacles
        super().__init__("; ".join(obstacles))

    @property
    def lines(self) -> Sequence[str]:
        """Return what is in the way, line by line."""
        return self.obstacles


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a helpline wants of the provider: the number that callers ring, the one that is texted if there is one, and
    the one that is shown to whoever is rung, all in E.164; and the address at which it answers. `canary` is the number
    of the daily test call, if there is one.
    """

    public_url: str
    calls: str = field(repr=False)
    texts: str | None = field(repr=False)
    caller_id: str | None = field(repr=False)
    canary: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number, what it is for, and what is to be changed of it."""

    number: IncomingNumber
    roles: tuple[str, ...]
    wanted: Configuration

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is not as it is wanted."""
        return tuple(configuration.changes(self.number.configuration, self.wanted))


def plan(wanted: Wanted, numbers: Sequence[IncomingNumber], fallback_url: str | None) -> list[NumberPlan]:
    """Return a plan for each number that is ours; one number may be both for calls and for texts."""
    by_role = {
        CALLS: configuration.for_calls(wanted.public_url, fallback_url),
        TEXTS: configuration.for_texts(wanted.public_url),
        TEST_CALLS: configuration.for_test_calls(wanted.public_url),
        CALLS_BACK: configuration.for_calls_back(wanted.public_url, fallback_url),
    }
    plans = list[NumberPlan]()
    for one in numbers:
        if roles := tuple(_roles(wanted, one)):
            plans.append(NumberPlan(one, roles, {name: to for role in roles for name, to in by_role[role].items()}))
    return plans


def _roles(wanted: Wanted, number: IncomingNumber) -> Iterator[str]:
    """Yield what a number is for. People who are rung or texted are shown a number, and ring it back."""
    ours = (CALLS, wanted.calls), (TEXTS, wanted.texts), (TEST_CALLS, wanted.canary)
    yield from (role for role, one in ours if one == number.number)
    if number.number in {wanted.texts, wanted.caller_id} - {wanted.calls, wanted.canary} and number.is_free_for_calls:
        yield CALLS_BACK


def obstacles(wanted: Wanted, numbers: Sequence[IncomingNumber], verified: Collection[str]) -> Iterator[str]:
    """Yield what cannot work, each with its mend."""
    ours = {one.number: one for one in numbers}
    listed = ", ".join(ours) or "none"
    yield from _of_calls(ours.get(wanted.calls), listed)
    if wanted.texts:
        yield from _of_texts(ours.get(wanted.texts), listed)
    if wanted.canary:
        yield from _of_test_calls(ours.get(wanted.canary), listed)
    if wanted.caller_id and wanted.caller_id not in {*ours, *verified}:
        yield (
            "IVR_CALLER_ID is neither a number of the account nor verified there, so nobody could be rung: verify it"
            " as a caller ID in Twilio's console, or take a number of the account"
        )


def warnings(plans: Sequence[NumberPlan]) -> Iterator[str]:
    """Yield what may take a number from us, or keep it from working, and is not a matter of addresses."""
    for one in plans:
        name = f"number {one.number.sid}"
        if one.number.lacks_address:
            yield f"{name}: Twilio wants a postal address for it and has none: give one in its console"
        if one.number.lacks_emergency_address:
            yield f"{name}: emergency calls may be made from it, and no emergency address is registered: give one there"
        if one.number.number.startswith(UNITED_KINGDOM) and not one.number.bundle_sid:
            yield f"{name}: no regulatory bundle is assigned to it: see Phone Numbers > Regulatory Compliance"


def _of_calls(number: IncomingNumber | None, listed: str) -> Iterator[str]:
    if number is None:
        yield (
            "the number for calls (IVR_NUMBER, or --number where callers dial another one) is not a number of the"
            f" account, which has: {listed}"
        )
        return
    if not number.can_call:
        yield f"number {number.sid} for calls (IVR_NUMBER) cannot take calls: take one that can"
    if number.trunk_takes_calls:
        yield (
            f"number {number.sid}: a trunk or an application takes its calls, and its addresses would not count:"
            " choose “Webhook, TwiML Bin, Function …” under “Configure with” at the number in Twilio's console"
        )


def _of_test_calls(number: IncomingNumber | None, listed: str) -> Iterator[str]:
    if number is None:
        yield f"the number of the test call (IVR_CANARY_NUMBER) is not a number of the account, which has: {listed}"
    elif not number.can_call or not number.can_text:
        yield f"number {number.sid} of the test call (IVR_CANARY_NUMBER) must call and text: take a UK mobile number"
    elif number.trunk_takes_calls:
        yield f"number {number.sid} of the test call: a trunk or an application takes its calls: see Twilio's console"


def _of_texts(number: IncomingNumber | None, listed: str) -> Iterator[str]:
    if number is None:
        yield f"the number for texts (IVR_SMS_FROM) is not a number of the account, which has: {listed}"
        return
    if not number.can_text:
        yield f"number {number.sid} for texts (IVR_SMS_FROM) cannot text: take a UK mobile number of the account"
    if number.application_takes_texts:
        yield (
            f"number {number.sid}: an application takes its texts, and its address would not count: choose"
            " “Webhook, TwiML Bin, Function …” under “Configure with” at the number in Twilio's console"
        )
