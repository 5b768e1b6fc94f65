"""A bad answer to a webhook is told from a good one, or two hundred thousand of them would prove nothing."""

import pytest

from torture.webhooks.ask import Answer
from torture.webhooks.judge import complaint
from torture.webhooks.webhook import Webhook

STEP = Webhook("/voice/school/menu", "m=AAAA")
UNSIGNED = Webhook("/voice", signature="A" * 28)
NEWS = Webhook("/voice/status")


def twiml(verbs: str, status: int = 200, kind: str = "text/xml") -> Answer:
    return Answer(status, kind, f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'.encode())


SAY = "<Say>Goodbye.</Say>"
ONWARD = f'<Gather action="/voice/school/menu?m=B" timeout="5">{SAY}</Gather><Redirect>/voice</Redirect>'


@pytest.mark.parametrize(
    ("webhook", "answer"),
    [
        (STEP, twiml(ONWARD)),
        (STEP, twiml(f"{SAY}<Hangup/>")),
        (Webhook("/voice/a/b/c"), Answer(404, "text/plain", b"")),
        (STEP.saying((("CallStatus", "completed"),)), twiml("")),
        (Webhook("/voice/screening/offer", "m=A"), twiml("")),
        (UNSIGNED, Answer(403, "text/plain", b"")),
        (NEWS, Answer(204, "", b"")),
        (Webhook("/voice", method="GET"), Answer(405, "text/plain", b"")),
        (Webhook("/voice", body=b"a" * 65_537), Answer(413, "text/plain", b"")),
    ],
)
def test_an_answer_as_it_must_be_is_not_complained_of(webhook: Webhook, answer: Answer) -> None:
    assert complaint(webhook, answer) == ""


@pytest.mark.parametrize(
    ("webhook", "answer", "says"),
    [
        (STEP, Answer(500, "", b"", "ValueError: no"), "500 ValueError: no"),
        (NEWS, Answer(503, "text/plain", b"try again"), "503"),
        (STEP, twiml(ONWARD, status=403), "403"),
        (STEP, twiml(ONWARD, kind="text/html"), "text/html"),
        (STEP, twiml("<Shout>Hello.</Shout>"), "no TwiML"),
        (STEP, Answer(200, "text/xml", b"<Response><Say>"), "no TwiML"),
        (STEP, twiml(""), "without a way on"),
        (STEP, twiml(SAY), "without a way on"),
        (STEP, twiml("<Hangup/>"), "without a way on"),
        (UNSIGNED, twiml(ONWARD), "unsigned, and answered 200"),
        (STEP, Answer(404, "text/plain", b""), "404"),
        (Webhook("/voice", body=b"a"), Answer(413, "text/plain", b""), "too long, which it is not"),
        (NEWS, Answer(302, "", b""), "302"),
    ],
)
def test_an_answer_that_must_not_be_is_complained_of(webhook: Webhook, answer: Answer, says: str) -> None:
    assert says in complaint(webhook, answer)
