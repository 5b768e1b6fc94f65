"""Why a webhook is refused, in words for whoever can mend it: found by trying what Twilio may have been told instead.

Nothing that is not signed is repeated but words of a path: it may hold a telephone number, or be made up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from urllib.parse import SplitResult, urlsplit, urlunsplit

from ivr.telephony.signature import WELL_FORMED, Signature

CONSOLE = "in the Twilio console"
NOT_SIGNED = (
    "TWILIO_AUTH_TOKEN is not that of the account which calls (it stands on the first page of the console), or"
    " IVR_PUBLIC_URL is not the address there; if other calls are answered, it is not Twilio that asks"
)
WORD = re.compile(r"[A-Za-z_.-]{1,40}[0-9]{0,2}")
PATHS = ("/voice", "/voice/status", "/voice/recording", "/voice/canary", "/sms", "/sms/status", "/health/signed")
STEP = re.compile(r"/voice/[^/]+/[^/]+")
"""The path of a step, of which there are many."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A webhook that was refused: what its request line, its headers and its form were.

    `path` and `query` are as they came, `signature` is empty where there was none.
    """

    method: str
    path: str
    query: str = ""
    host: str = ""
    signature: str = ""
    form: Sequence[tuple[str, str]] = ()


def shown(path: str) -> str:
    """Return a path without what may be a number or a token.

    >>> shown("/voice/school/menu"), shown("/recordings/Zm9v0YmFy1cXV4"), shown("/voice/+447700900123")
    ('/voice/school/menu', '/recordings/…', '/voice/…')
    """
    return "/".join(part if not part or WORD.fullmatch(part) else "…" for part in path[:200].split("/"))


def cause_of_method(webhook: Refused, public_url: str) -> str:
    """Return why it did not come by POST."""
    return (
        f"HTTP {webhook.method[:10]} instead of POST: choose HTTP POST at {public_url}{shown(webhook.path)} {CONSOLE}"
    )


def cause_of_address(webhook: Refused, public_url: str) -> str:
    """Return why its path is none of ours."""
    path, prefix = "/" + "/".join(filter(None, webhook.path.split("/"))), urlsplit(public_url).path.rstrip("/")
    if _is_ours(path):
        return f"a slash too many: write {public_url}{shown(path)} {CONSOLE}"
    if _is_ours(path.lower()):
        return f"capital letters: write {public_url}{shown(path.lower())} {CONSOLE}"
    if path.startswith("/voice/voice") and _is_ours(path.removeprefix("/voice")):
        return f"/voice is there twice: take it off the end of IVR_PUBLIC_URL, or of the address {CONSOLE}"
    if prefix and _is_ours(path.removeprefix(prefix)):
        return f"{prefix} of IVR_PUBLIC_URL is still there: the proxy in front of us is to take it off"
    return f"no address of ours: {CONSOLE} write {public_url}/voice for calls and {public_url}/sms for texts"


def cause_of_signature(webhook: Refused, public_url: str, signature: Signature) -> str:
    """Return why its signature does not fit; tries some tens of addresses that Twilio may have been told."""
    if not webhook.signature:
        return "no X-Twilio-Signature: whoever asks is not Twilio, or a proxy in front of us takes it off"
    if not WELL_FORMED.fullmatch(webhook.signature.encode()):
        return "an X-Twilio-Signature that Twilio cannot have made: whoever asks is not Twilio"
    signed = signature.signed_one(_candidates(webhook, public_url), webhook.form, webhook.signature)
    if signed is None:
        return NOT_SIGNED
    return _mend(urlsplit(signed), webhook.path, public_url)


def _mend(signed: SplitResult, path: str, public_url: str) -> str:
    address = urlunsplit(signed._replace(netloc=signed.netloc.rpartition("@")[2], query=""))
    if not signed.path.endswith(path):
        return f"Twilio signed {address}: take the slash at the end off {CONSOLE}"
    base = address.removesuffix(path)
    if base != public_url:
        return f"Twilio signed {address}; IVR_PUBLIC_URL says {public_url}: set IVR_PUBLIC_URL={base}"
    return f"Twilio signed {address} without its query: a proxy in front of us adds one"


def _candidates(webhook: Refused, public_url: str) -> Iterator[str]:
    """Yield addresses that Twilio may have signed, the likeliest first."""
    url = urlsplit(public_url)
    first = "/" + webhook.path.split("/")[1]
    schemes = [url.scheme, "http" if url.scheme == "https" else "https"]
    hosts = [url.netloc, url.netloc.partition(":")[0], webhook.host, webhook.host.partition(":")[0]]
    prefixes = [url.path, url.path.removesuffix(first), ""]
    queries = [f"?{webhook.query}", ""] if webhook.query else [""]
    parts = product(queries, ["", "/"], dict.fromkeys(prefixes), dict.fromkeys(filter(None, hosts)), schemes)
    for query, slash, prefix, host, scheme in parts:
        yield f"{scheme}://{host}{prefix}{webhook.path}{slash}{query}"


def _is_ours(path: str) -> bool:
    return path in PATHS or STEP.fullmatch(path) is not None
