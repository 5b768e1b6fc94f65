"""What the value of a setting may be: each type is parsed here, and its errors are sentences without the value.

They are logged, and a value may be a secret or somebody's telephone number.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Set
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from re import fullmatch
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from ivr.helpline.adviser_numbers import why_never_rung
from ivr.helpline.date_format import parse_moment
from ivr.helpline.phone_numbers import parse_number
from ivr.identity_provider import parse_issuer, parse_roles
from ivr.smtp_url import parse_smtp_url

FREEPHONE = ("+44800", "+44808")
PORTS = range(1, 65536)
MOST_AUTH_TOKENS = 2
"""A Twilio account has no more: https://www.twilio.com/docs/iam/api/authtoken"""
POSTGRESQL_OPTIONS = frozenset({"host", "port", "prepared_statement_cache_size", "ssl", "sslmode"})
DATABASE_OPTIONS: Mapping[str, Set[str]] = {
    **dict.fromkeys(("sqlite", "sqlite+aiosqlite"), frozenset[str]()),
    **dict.fromkeys(("postgres", "postgresql", "postgresql+asyncpg"), POSTGRESQL_OPTIONS),
}
"""What may stand behind the question mark of DATABASE_URL, by what it begins with."""
DATABASE_URLS = "this must be sqlite:///helpline.db, or postgresql://ivr:password@localhost/ivr"
NO_TELEPHONE = "write a telephone number, such as 01632 960000 or +441632960000"


def _number(text: str) -> str:
    number = parse_number(text)
    if number is None:
        # Errors are logged, so the number itself is left out.
        raise ValueError(NO_TELEPHONE)
    return number


def _advisers(value: object, info: ValidationInfo) -> object:
    """Parse the numbers of advisers; with a list as context, what is wrong goes there, and the others are used."""
    if not isinstance(value, str):
        return value
    numbers = [parse_number(part) for part in value.split(",") if part.strip()]
    ours = own_numbers(info.data)
    wrong = {place: _why_no_adviser(number, ours) for place, number in enumerate(numbers, 1)}
    told = [f"number {place} of {len(numbers)}: {reason}" for place, reason in wrong.items() if reason]
    unusable: list[str] | None = info.context
    if told and unusable is None:
        raise ValueError("; ".join(told))
    if unusable is not None:
        unusable.extend(f"IVR_ADVISERS: {line.rstrip('.')}. The others are rung." for line in told)
    return tuple(number for place, number in enumerate(numbers, 1) if number and not wrong[place])


def _why_no_adviser(number: str | None, ours: Set[str]) -> str | None:
    return NO_TELEPHONE if number is None else why_never_rung(number, ours)


def own_numbers(fields: Mapping[str, Any]) -> frozenset[str]:
    """Return the helpline's own numbers (E.164), of fields that may be there."""
    spoken = parse_number(fields.get("number") or "")
    others = (fields.get(name) for name in ("caller_id", "sms_from", "canary_number"))
    return frozenset(number for number in (*others, spoken) if number)


def _spoken_number(number: str) -> str:
    if not fullmatch(r"[0-9]+( [0-9]+)*", number):
        raise ValueError("write it in the groups it is said in, such as 0808 157 0000")
    return number


def _caller_id(number: str) -> str:
    if number.startswith(FREEPHONE):
        raise ValueError("an 080 number may not be shown to the people we ring; take a geographic or 03 number")
    return number


def _secret(text: str) -> str:
    try:
        if all(len(decoded(key)) == 32 for key in text.split(",")):
            return text
    except ValueError:  # not base64
        pass
    raise ValueError("this must be 32 random bytes in url-safe base64; `ivr secret` makes one")


def decoded(key: str) -> bytes:
    """Return the bytes of a secret; raise ValueError for what is not base64."""
    return urlsafe_b64decode(key.encode("ascii") + b"=" * (-len(key) % 4))


def _account_sid(text: str) -> str:
    if text and not fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise ValueError("this must be the account SID: AC and 32 more signs, on the first page of the Twilio console")
    return text


def _auth_tokens(text: str) -> str:
    tokens = [token.strip() for token in text.split(",")]
    if len(tokens) > MOST_AUTH_TOKENS or (text and not all(tokens)):
        raise ValueError("this must be the auth token of the account, or two of them with a comma between")
    return ",".join(tokens)


def _sms_sender(number: str) -> str:
    if number.startswith(FREEPHONE):
        raise ValueError("an 080 number cannot text; take a UK mobile number of the provider's")
    return number


def _canary_number(number: str, info: ValidationInfo) -> str:
    if number in own_numbers(info.data):
        raise ValueError("take a further number of the account, which is neither rung, nor shown, nor texts for us")
    return number


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    if moment := parse_moment(value):
        return moment
    raise ValueError("write a moment, such as 2026-12-23T18:05:00+00:00")


def _list(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _address(text: str) -> str:
    if not _is_address(text):
        raise ValueError("this must be the address that Twilio calls, such as https://helpline.example")
    return text.rstrip("/")


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        whole = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
        return whole and not (url.query or url.fragment)
    except ValueError:  # an invalid port or IPv6 address
        return False


def _database_url(text: str) -> str:
    """Validate the address of a database; the errors leave it out, for it holds a password."""
    from sqlalchemy import make_url  # what reads no database does without
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(DATABASE_URLS) from None
    options = DATABASE_OPTIONS.get(url.drivername)
    is_file = options == frozenset()
    if options is None or (is_file and not url.database) or (url.port or 1) not in PORTS:
        raise ValueError(DATABASE_URLS)
    if not (is_file or url.host or "host" in url.query):
        raise ValueError("this names no host, as postgresql://ivr:password@localhost/ivr does")
    if unknown := url.query.keys() - options:
        known = f"the known ones are {', '.join(sorted(options))}" if options else "SQLite has none here"
        raise ValueError(f"there is no option {', '.join(sorted(unknown))}; {known}")
    return text


def _smtp_url(text: str) -> str:
    if text:
        parse_smtp_url(text)
    return text


def _ping_url(text: str) -> str:
    """Validate an address that is a secret: the errors leave it out."""
    url = urlsplit(text)
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in ("localhost", "127.0.0.1", "::1"))
    if text and not (is_safe and _is_address(text)):
        raise ValueError("this must be the https address that a dead-man service gave you, without ? and #")
    return text


def _issuer(text: str) -> str:
    return parse_issuer(text) if text else text


def _group_roles(value: object) -> object:
    return parse_roles(value) if isinstance(value, str) else value


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("write this in one line")
    return text


Number = Annotated[str, AfterValidator(_number)]
"""A telephone number as people write it; it becomes E.164."""
CallerId = Annotated[Number, AfterValidator(_caller_id)]
SmsSender = Annotated[Number, AfterValidator(_sms_sender)]
CanaryNumber = Annotated[Number, AfterValidator(_canary_number)]
SpokenNumber = Annotated[str, AfterValidator(_spoken_number)]
"""Our own number in the groups in which it is said."""
AdviserNumbers = Annotated[tuple[str, ...], BeforeValidator(_advisers)]
"""Numbers with commas between, none of them our own; it comes after those in the settings."""
Address = Annotated[str, AfterValidator(_address)]
AccountSid = Annotated[str, AfterValidator(_account_sid)]
AuthTokens = Annotated[str, AfterValidator(_auth_tokens)]
Secrets = Annotated[str, AfterValidator(_secret)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Issuer = Annotated[str, AfterValidator(_issuer)]
GroupRoles = Annotated[Mapping[str, str], BeforeValidator(_group_roles)]
OneLine = Annotated[str, AfterValidator(_one_line)]
PingUrl = Annotated[str, AfterValidator(_ping_url)]
SmtpUrl = Annotated[str, AfterValidator(_smtp_url)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_list)]
"""Words, and networks, with commas between."""
