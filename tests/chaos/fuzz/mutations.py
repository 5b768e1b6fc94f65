"""Mutations that make a webhook malformed, unexpected or forged; the page lists them by function name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from tests.chaos.fuzz.raw_webhook import FORM, Fields, RawWebhook

OVER_LIMIT = 65_537
"""Bytes: one more than the application reads."""
ODD = (
    "",
    "\0",
    "\n",
    "é" * 50,
    "\u202e",
    "٣",
    "🙂",
    "%",
    "&=",
    "<Say>",
    "]]>",
    "../..",
    "'; drop table calls; --",
    "9" * 5000,
)
NAMES = (
    "Digits",
    "CallSid",
    "From",
    "To",
    "CallStatus",
    "DialCallStatus",
    "DialCallDuration",
    "QueueResult",
    "QueueTime",
    "RecordingSid",
    "RecordingDuration",
)
STATUSES = ("completed", "busy", "ringing", "in-progress", "canceled", "", "gone")
PATHS = ("/voice", "/voice/status", "/voice/recording", "/sms", "/sms/status")
HEADERS = (
    (b"content-type", b"application/json"),
    (b"content-type", b"multipart/form-data; boundary=x"),
    (b"content-type", b"text/plain; charset=utf-16"),
    (b"x-forwarded-host", b"evil.example"),
    (b"x-forwarded-proto", b"ftp"),
    (b"content-encoding", b"gzip"),
    (b"content-length", b"-1"),
    (b"transfer-encoding", b"chunked, chunked"),
    (b"x-http-method-override", b"DELETE"),
    (b"\xff\xfe", b"\x00\xff"),
    (b"cookie", b"a" * 5000),
)
Mutation = Callable[[RawWebhook, Sequence[RawWebhook], Random], RawWebhook]


def unmodified(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return webhook


def unexpected_field_value(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    odd = (random.choice(NAMES), random.choice(ODD + STATUSES))
    kept = [pair for pair in webhook.fields if pair[0] != odd[0] or random.random() < 0.3]
    return webhook.with_fields((*kept, odd))


def fields_missing(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return webhook.with_fields(tuple(pair for pair in webhook.fields if random.random() < 0.6))


def fields_repeated(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    fields = [*webhook.fields, *random.choices(webhook.fields or (("a", "b"),), k=random.randrange(1, 6))]
    random.shuffle(fields)
    return webhook.with_fields(tuple(fields))


def fields_of_another_webhook(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    """Send an event that this step does not wait for."""
    other: Fields = random.choice(corpus).fields
    own = dict(webhook.fields)
    return webhook.with_fields(tuple({**dict(other), "CallSid": own.get("CallSid", "")}.items()))


def state_token_of_another_call(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(webhook, query=random.choice(corpus).query)


def state_token_of_another_step(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(webhook, path=random.choice(corpus).path)


def state_token_tampered(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    query = webhook.query or "m=AAAA"
    at = random.randrange(len(query))
    return replace(webhook, query=query[:at] + random.choice("AZaz09-_%=&+~\xff") + query[at + random.randrange(3) :])


def state_token_truncated_or_too_long(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    query = webhook.query or "m="
    return replace(
        webhook, query=random.choice((query[: random.randrange(len(query))], query + "A" * 20_000, query + "&" + query))
    )


def malformed_query_string(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(
        webhook,
        query=random.choice(
            ("m", "m=%00", "m=%ff%fe", "m=é", "&&&", "m=" + "=" * 99, "m=;", "leg=%00", "id=%00", "t=%00")
        ),
    )


def unexpected_path(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    odd = random.choice(
        ("/voice/x/y", "/voice/%00/%ff", "/voice/../voice", "/voice//", "/voice/a/b/c", "/voice/" + "a" * 5000 + "/b")
    )
    steps = ("/voice/welcome/nowhere", "/voice/messages/hear", "/voice/screening/offer", "/voice/texts/%73tart")
    return replace(webhook, path=random.choice((odd, *steps)))


def wrong_route(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(webhook, path=random.choice(PATHS))


def malformed_body(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    body = random.choice(
        (
            b"",
            b"\xff\xfe\x00",
            b"a=%ff%ZZ&=&&=;",
            b"{}",
            b"=" * 3000,
            bytes(random.choices(range(256), k=200)),
            webhook.body.replace(b"=", b"%3D", 1),
        )
    )
    return replace(webhook, body=body)


def large_body(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    size = random.choice((OVER_LIMIT - 1, OVER_LIMIT, 4 * OVER_LIMIT))
    return replace(webhook, body=(webhook.body + b"&Body=" + b"a" * size)[:size], chunks=random.randrange(1, 5))


def chunked_body(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(webhook, chunks=random.randrange(2, 40))


def unexpected_headers(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    odd = tuple(random.choices(HEADERS, k=random.randrange(1, 4)))
    return replace(webhook, headers=odd if random.random() < 0.5 else (FORM, *odd))


def wrong_method(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    return replace(webhook, method=random.choice(("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "post", "")))


def unsigned(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    """Send no signature, a wrong one, a truncated one or bytes that are not ASCII."""
    return replace(webhook, signature=random.choice(("", "A" * 28, "é\xff", "0" * 9000, "eA==")))


def incoming_text(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    """Send an incoming SMS with any body."""
    number = random.choice(("+447700900123", "", "12345", "\0", "é"))
    sid = random.choice(("SM" + f"{random.getrandbits(128):032x}", "", "\0", "a" * 5000))
    words = random.choice((*ODD, "STOP", "start", "No.", "HELP"))
    more = random.choice(((), (("OptOutType", random.choice(ODD)),)))
    return RawWebhook("/sms").with_fields((("From", number), ("Body", words), ("MessageSid", sid), *more))


def status_callback(webhook: RawWebhook, corpus: Sequence[RawWebhook], random: Random) -> RawWebhook:
    """Send a status callback of an unknown text, call or recording, or with invalid values."""
    path, query = random.choice(
        (
            ("/sms/status", "t=" + "A" * 43),
            ("/voice/status", "leg=x"),
            ("/voice/status", ""),
            ("/voice/recording", "id=x"),
        )
    )
    names = (
        "MessageSid",
        "MessageStatus",
        "ErrorCode",
        "CallSid",
        "CallStatus",
        "RecordingSid",
        "RecordingStatus",
        "RecordingDuration",
    )
    values = (*ODD, *STATUSES, "delivered", "RE" + "0" * 32, "30003", "²", "-1")
    return replace(RawWebhook(path, query), headers=webhook.headers).with_fields(
        tuple((name, random.choice(values)) for name in names)
    )


MUTATIONS: dict[Mutation, int] = {
    unmodified: 8,
    unexpected_field_value: 14,
    fields_missing: 6,
    fields_repeated: 6,
    fields_of_another_webhook: 10,
    state_token_of_another_call: 8,
    state_token_of_another_step: 8,
    state_token_tampered: 8,
    state_token_truncated_or_too_long: 4,
    malformed_query_string: 4,
    unexpected_path: 6,
    wrong_route: 2,
    malformed_body: 4,
    large_body: 1,
    chunked_body: 2,
    unexpected_headers: 4,
    wrong_method: 2,
    unsigned: 8,
    incoming_text: 1,
    status_callback: 2,
}
"""Mutations with their relative weights; a webhook may have several."""


def mutate(corpus: Sequence[RawWebhook], random: Random) -> tuple[RawWebhook, tuple[str, ...]]:
    """Return a random webhook of the corpus after one to three mutations, and the names of the mutations."""
    webhook = random.choice(corpus)
    mutations = random.choices([*MUTATIONS], [*MUTATIONS.values()], k=random.choice((1, 1, 1, 2, 3)))
    for mutation in mutations:
        webhook = mutation(webhook, corpus, random)
    return webhook, tuple(sorted({mutation.__name__.replace("_", " ") for mutation in mutations}))
