"""What the provider posts when a caller presses a key, as bytes for the wire: every field that it sends, signed."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

PUBLIC_URL = "https://helpline.example"
TOKEN = "token-of-the-account"  # noqa: S105 - there is no account behind it
CALLER, OURS = "+447700900123", "+448081570000"
ACCOUNT = "AC" + "0" * 32
_SIGN = RequestValidator(TOKEN).compute_signature


def name_of_call(number: int) -> str:
    """A call's name as the provider makes them.

    >>> name_of_call(255)
    'CA000000000000000000000000000000ff'
    """
    return f"CA{number:032x}"


def form_of(call: str, **fields: str) -> dict[str, str]:
    """A webhook about a call that goes on (twilio.com/docs/voice/twiml#twilios-request-to-your-application).

    Of a caller in the United Kingdom the provider knows no town, and says so in a dozen empty fields.
    """
    places = {
        f"{who}{what}": "GB" if what == "Country" else ""
        for who in ("From", "To", "Caller", "Called")
        for what in ("City", "State", "Zip", "Country")
    }
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": call,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": CALLER,
        "Caller": CALLER,
        "To": OURS,
        "Called": OURS,
        **places,
        **fields,
    }


def request_of(address: str, form: Mapping[str, str]) -> bytes:
    """The whole request, for an address under PUBLIC_URL or a path."""
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
        f"X-Twilio-Signature: {_SIGN(url, form)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
