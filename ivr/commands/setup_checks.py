"""Tries the answers of `ivr setup` out: at the provider, database, mail server and dead-man service, and in DNS."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from httpx2 import AsyncClient, HTTPError
from phonenumbers import PhoneNumberFormat, format_number, parse

from ivr.config import LOCALHOST, Settings, why_refused
from ivr.errors import IvrError, SchemaNotMigrated
from ivr.helpline.phone_numbers import parse_number
from ivr.mail import MailFailed, SmtpMailer
from ivr.setting_files import with_files
from ivr.setup.interview import Answers, Checks, Verdict
from ivr.telephony.account import ACTIVE, Account
from ivr.telephony.error_codes import CONFIGURATION_ERRORS
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.provider_errors import ProviderError, Rejected
from ivr.wiring import build_provider, build_store

PATIENCE = 10.0
"""Seconds for the provider, the database and the mail server: somebody waits for an answer."""
GEOGRAPHIC, MOBILE = ("+441", "+442", "+443"), "+447"
NOT_ASKED = "Twilio cannot be asked now ({}): `ivr doctor` will tell."


def checks() -> Checks:
    """Return what the interview asks of the world."""
    return Checks(
        form=why_refused,
        works={
            "IVR_PUBLIC_URL": _resolves,
            "TWILIO_AUTH_TOKEN": _is_known,
            "IVR_NUMBER": _is_of_the_account,
            "IVR_CALLER_ID": _may_be_shown,
            "IVR_SMS_FROM": _can_text,
            "IVR_CANARY_NUMBER": _can_test_call,
            "DATABASE_URL": _can_be_used,
            "IVR_SMTP_URL": _lets_us_in,
            "IVR_PING_URL": _takes_pings,
        },
        offers={
            "IVR_NUMBER": _offering(lambda found, _: [_in_groups(one.number) for one in found.numbers if one.can_call]),
            "IVR_CALLER_ID": _offering(lambda found, _: [one for one in found.shown if one.startswith(GEOGRAPHIC)]),
            "IVR_SMS_FROM": _offering(lambda found, _: _mobiles(found)),
            "IVR_CANARY_NUMBER": _offering(_further),
        },
    )


@dataclass(frozen=True)
class Found:
    """What the account has: its numbers, and those of others that it may show."""

    numbers: Sequence[IncomingNumber]
    verified: Sequence[str]

    @property
    def shown(self) -> list[str]:
        """The numbers (E.164) that the account may show as caller id."""
        return [*(one.number for one in self.numbers), *self.verified]

    def number(self, e164: str) -> IncomingNumber | None:
        """Return a number of the account."""
        return next((one for one in self.numbers if one.number == e164), None)


def _in_groups(e164: str) -> str:
    """Return a number as it is spoken, which is how IVR_NUMBER is written."""
    return format_number(parse(e164), PhoneNumberFormat.NATIONAL)


def _mobiles(found: Found) -> list[str]:
    return [one.number for one in found.numbers if one.can_text and one.number.startswith(MOBILE)]


def _further(found: Found, ours: Settings) -> list[str]:
    """Return the mobile numbers that are not in use; that of the test call may stay."""
    return [one for one in _mobiles(found) if one == ours.canary_number or one not in ours.own_numbers]


def _settings(answers: Answers) -> Settings:
    """Return settings with what is answered so far; what is not asked for yet has a value that stands for it."""
    read = with_files(answers, {str(field.alias) for field in Settings.model_fields.values()})
    stand_in = {"IVR_CALLER_ID": "+441632960000", "IVR_PUBLIC_URL": "https://helpline.example"}
    return Settings.model_validate({**stand_in, **read})


async def _with_account(answers: Answers, ask: Callable[[Account], Awaitable[Any]]) -> Any:
    async with build_provider(_settings(answers), PATIENCE) as provider:
        return await ask(provider.account)


async def _found(answers: Answers) -> Found:
    async def ask(account: Account) -> Found:
        return Found(await account.numbers(), await account.verified_caller_ids())

    found: Found = await _with_account(answers, ask)
    return found


def _offering(choose: Callable[[Found, Settings], Sequence[str]]) -> Callable[[Answers], Awaitable[Sequence[str]]]:
    async def offer(answers: Answers) -> Sequence[str]:
        try:
            return choose(await _found(answers), _settings(answers))
        except IvrError:  # the check of the answer tells of it
            return ()

    return offer


def _of_numbers(setting: str, judge: Callable[[Found, str], Verdict]) -> Callable[[Answers], Awaitable[Verdict]]:
    async def works(answers: Answers) -> Verdict:
        number = parse_number(answers.get(setting, ""))
        if number is None:
            return Verdict()
        try:
            return judge(await _found(answers), number)
        except ProviderError as error:
            return Verdict(told=[NOT_ASKED.format(error)])

    return works


async def _resolves(answers: Answers) -> Verdict:
    url = urlsplit(answers["IVR_PUBLIC_URL"])
    if url.scheme != "https" and url.hostname not in LOCALHOST:
        return Verdict("it must begin with https://, so that nobody reads along")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return Verdict(told=[f"{url.hostname} has no address in DNS yet: Twilio cannot reach it until it has."])
    return Verdict(told=[f"{url.hostname} is {', '.join(sorted({str(one[4][0]) for one in found}))}."])


async def _is_known(answers: Answers) -> Verdict:
    try:
        details = await _with_account(answers, lambda account: account.details())
    except ProviderError as error:
        if error.code in CONFIGURATION_ERRORS or isinstance(error, Rejected):
            return Verdict(f"Twilio refuses this token with that account SID ({error}). “back” goes to the SID.")
        return Verdict(told=[NOT_ASKED.format(error)])
    if details.primary_token not in (None, *_settings(answers).auth_token.split(",")):
        return Verdict("It is not the primary token, with which Twilio signs: take the one from the first page.")
    state = (
        "active" if details.status == ACTIVE else f"{details.status}: calls and texts are refused until it is active"
    )
    trial = ["It is a trial account: upgrade it, or callers hear that it is one."] if details.is_trial else []
    return Verdict(told=[f"Twilio knows the account. It is {state}.", *trial])


def _number(found: Found, number: str) -> Verdict:
    mine = found.number(number)
    if mine is None:
        return Verdict(
            told=[
                "It is not a number of this account: have its calls put through to one that is, and name that one with "
                "`ivr twilio connect --number`."
            ]
        )
    return Verdict() if mine.can_call else Verdict("Twilio says that this number takes no calls")


def _shown(found: Found, number: str) -> Verdict:
    if number in found.shown:
        return Verdict()
    return Verdict("Twilio shows only numbers of the account, or such as were verified in its console: this is neither")


def _sender(found: Found, number: str) -> Verdict:
    mine = found.number(number)
    if mine is None:
        return Verdict("it is not a number of this account")
    return Verdict() if mine.can_text else Verdict("Twilio says that this number cannot text")


def _test_caller(found: Found, number: str) -> Verdict:
    mine = found.number(number)
    if mine is None:
        return Verdict("it is not a number of this account")
    return (
        Verdict() if mine.can_text and mine.can_call else Verdict("Twilio says that this number cannot call and text")
    )


_is_of_the_account = _of_numbers("IVR_NUMBER", _number)
_may_be_shown = _of_numbers("IVR_CALLER_ID", _shown)
_can_text = _of_numbers("IVR_SMS_FROM", _sender)
_can_test_call = _of_numbers("IVR_CANARY_NUMBER", _test_caller)


async def _can_be_used(answers: Answers) -> Verdict:
    try:
        async with build_store(_settings(answers), PATIENCE) as store, store.begin():
            return Verdict(told=["It has the tables of this release."])
    except SchemaNotMigrated as error:
        return Verdict(told=[str(error)])
    except IvrError as error:
        return Verdict(str(error))


async def _lets_us_in(answers: Answers) -> Verdict:
    server = _settings(answers).smtp
    if server is None:
        return Verdict()
    try:
        await SmtpMailer(server, timeout=PATIENCE).sign_in()
    except MailFailed as error:
        return Verdict(f"the mail server does not let us in ({error})")
    return Verdict(told=["The mail server lets us in."])


async def _takes_pings(answers: Answers) -> Verdict:
    url = _settings(answers).ping_url
    if not url:
        return Verdict()
    try:
        async with AsyncClient(timeout=PATIENCE) as http:
            status = (await http.get(url)).status_code
    except HTTPError as error:
        return Verdict(f"the dead-man service cannot be reached ({type(error).__name__})")
    if status >= 400:
        return Verdict(f"the dead-man service does not know this address: it answered {status}")
    return Verdict(told=["The dead-man service takes it. Have it expect a request every five minutes."])
