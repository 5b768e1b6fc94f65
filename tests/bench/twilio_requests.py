"""Signed voice webhooks with every field that Twilio sends, as the bytes of an HTTP request."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

PUBLIC_URL = "https://helpline.example"
AUTH_TOKEN = "token-of-the-account"
CALLER, HELPLINE = "+447700900123", "+448081570000"
ACCOUNT_SID = "AC" + "0" * 32
_sign = RequestValidator(AUTH_TOKEN).compute_signature


def call_sid(number: int) -> str:
    """
    >>> call_sid(255)
    'CA000000000000000000000000000000ff'
    """
    return f"CA{number:032x}"


def voice_form(call: str, **fields: str) -> dict[str, str]:
    """Return the form of a webhook in a call (twilio.com/docs/voice/twiml#twilios-request-to-your-application).

    For numbers in the United Kingdom Twilio sends a dozen empty fields for places.
    """
    places = {
        f"{who}{what}": "GB" if what == "Country" else ""
        for who in ("From", "To", "Caller", "Called")
        for what in ("City", "State", "Zip", "Country")
    }
    return {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": call,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": CALLER,
        "Caller": CALLER,
        "To": HELPLINE,
        "Called": HELPLINE,
        **places,
        **fields,
    }


def signed_request(address: str, form: Mapping[str, str]) -> bytes:
    """Return the request to a path, or to a URL below PUBLIC_URL."""
    url = address if address.startswith(PUBLIC_URL) else PUBLIC_URL + address
    path = urlsplit(url)._replace(scheme="", netloc="").geturl()
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1",
        "Host: helpline.example",
        "User-Agent: TwilioProxy/1.1",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
        f"X-Twilio-Signature: {_sign(url, form)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
