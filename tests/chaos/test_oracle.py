"""The oracle accepts correct responses and rejects wrong ones."""

import pytest

from tests.chaos.fuzz.asgi_client import AsgiResponse
from tests.chaos.fuzz.oracle import violation
from tests.chaos.fuzz.raw_webhook import RawWebhook

STEP = RawWebhook("/voice/school/menu", "m=AAAA")
UNSIGNED = RawWebhook("/voice", signature="A" * 28)
STATUS_CALLBACK = RawWebhook("/voice/status")


def twiml(verbs: str, status: int = 200, content_type: str = "text/xml") -> AsgiResponse:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
    return AsgiResponse(status, content_type, body.encode())


def rejection(status: int) -> AsgiResponse:
    return AsgiResponse(status, "text/plain", b"")


SAY = "<Say>Goodbye.</Say>"
ONWARD = f'<Gather action="/voice/school/menu?m=B" timeout="5">{SAY}</Gather><Redirect>/voice</Redirect>'


@pytest.mark.parametrize(
    ("webhook", "response"),
    [
        (STEP, twiml(ONWARD)),
        (STEP, twiml(f"{SAY}<Hangup/>")),
        (RawWebhook("/voice/a/b/c"), rejection(404)),
        (STEP.with_fields((("CallStatus", "completed"),)), twiml("")),
        (RawWebhook("/voice/screening/offer", "m=A"), twiml("")),
        (UNSIGNED, rejection(403)),
        (STATUS_CALLBACK, AsgiResponse(204, "", b"")),
        (RawWebhook("/voice", method="GET"), rejection(405)),
        (RawWebhook("/voice", body=b"a" * 65_537), rejection(413)),
        (RawWebhook("/voice", body=b"a=&" * 1000), rejection(413)),
        (RawWebhook("/voice", body=b"%41" * 1001), rejection(413)),
    ],
)
def test_a_correct_response_is_no_violation(webhook: RawWebhook, response: AsgiResponse) -> None:
    assert violation(webhook, response) == ""


@pytest.mark.parametrize(
    ("webhook", "response", "found"),
    [
        (STEP, AsgiResponse(500, "", b"", "ValueError: no"), "500 ValueError: no"),
        (STATUS_CALLBACK, AsgiResponse(503, "text/plain", b"try again"), "503"),
        (STEP, twiml(ONWARD, status=403), "403"),
        (STEP, twiml(ONWARD, content_type="text/html"), "text/html"),
        (STEP, twiml("<Shout>Hello.</Shout>"), "invalid TwiML"),
        (STEP, AsgiResponse(200, "text/xml", b"<Response><Say>"), "invalid TwiML"),
        (STEP, twiml(""), "ends without a goodbye"),
        (STEP, twiml(SAY), "ends without a goodbye"),
        (STEP, twiml("<Hangup/>"), "ends without a goodbye"),
        (UNSIGNED, twiml(ONWARD), "unsigned webhook got status 200"),
        (STEP, rejection(404), "404"),
        (RawWebhook("/sms", body=b"%41" * 1001), rejection(413), "413 for a body below the limit"),
        (RawWebhook("/voice", body=b"a"), rejection(413), "413 for a body below the limit"),
        (STATUS_CALLBACK, AsgiResponse(302, "", b""), "302"),
    ],
)
def test_a_wrong_response_is_a_violation(webhook: RawWebhook, response: AsgiResponse, found: str) -> None:
    assert found in violation(webhook, response)
