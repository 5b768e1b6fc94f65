"""Ways in which a webhook can be wrong, each with a name; the page counts them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from torture.webhooks.webhook import FORM, Fields, Webhook

LARGE = 65_537
"""Bytes: one more than we read."""
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
Twist = Callable[[Webhook, Sequence[Webhook], Random], Webhook]


def as_it_is(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return webhook


def odd_field(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    odd = (random.choice(NAMES), random.choice(ODD + STATUSES))
    kept = [pair for pair in webhook.fields if pair[0] != odd[0] or random.random() < 0.3]
    return webhook.saying((*kept, odd))


def fields_missing(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return webhook.saying(tuple(pair for pair in webhook.fields if random.random() < 0.6))


def fields_repeated(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    fields = [*webhook.fields, *random.choices(webhook.fields or (("a", "b"),), k=random.randrange(1, 6))]
    random.shuffle(fields)
    return webhook.saying(tuple(fields))


def fields_of_another(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    """What happened is not what this step waits for."""
    other: Fields = random.choice(others).fields
    own = dict(webhook.fields)
    return webhook.saying(tuple({**dict(other), "CallSid": own.get("CallSid", "")}.items()))


def memory_of_another_call(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(webhook, query=random.choice(others).query)


def memory_of_another_step(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(webhook, path=random.choice(others).path)


def memory_tampered(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    query = webhook.query or "m=AAAA"
    at = random.randrange(len(query))
    return replace(webhook, query=query[:at] + random.choice("AZaz09-_%=&+~\xff") + query[at + random.randrange(3) :])


def memory_cut_or_long(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    query = webhook.query or "m="
    return replace(
        webhook, query=random.choice((query[: random.randrange(len(query))], query + "A" * 20_000, query + "&" + query))
    )


def odd_query(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(
        webhook,
        query=random.choice(
            ("m", "m=%00", "m=%ff%fe", "m=é", "&&&", "m=" + "=" * 99, "m=;", "leg=%00", "id=%00", "t=%00")
        ),
    )


def odd_path(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    odd = random.choice(
        ("/voice/x/y", "/voice/%00/%ff", "/voice/../voice", "/voice//", "/voice/a/b/c", "/voice/" + "a" * 5000 + "/b")
    )
    steps = ("/voice/welcome/nowhere", "/voice/messages/hear", "/voice/screening/offer", "/voice/texts/%73tart")
    return replace(webhook, path=random.choice((odd, *steps)))


def another_route(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(webhook, path=random.choice(PATHS))


def odd_body(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
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


def large_body(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    size = random.choice((LARGE - 1, LARGE, 4 * LARGE))
    return replace(webhook, body=(webhook.body + b"&Body=" + b"a" * size)[:size], pieces=random.randrange(1, 5))


def in_pieces(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(webhook, pieces=random.randrange(2, 40))


def odd_headers(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    odd = tuple(random.choices(HEADERS, k=random.randrange(1, 4)))
    return replace(webhook, headers=odd if random.random() < 0.5 else (FORM, *odd))


def another_method(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    return replace(webhook, method=random.choice(("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "post", "")))


def unsigned(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    """Without a signature, with somebody else's, with half of one, and with what is no text."""
    return replace(webhook, signature=random.choice(("", "A" * 28, "é\xff", "0" * 9000, "eA==")))


def a_text(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    """Somebody texts us, in whatever words."""
    number = random.choice(("+447700900123", "", "12345", "\0", "é"))
    sid = random.choice(("SM" + f"{random.getrandbits(128):032x}", "", "\0", "a" * 5000))
    words = random.choice((*ODD, "STOP", "start", "No.", "HELP"))
    more = random.choice(((), (("OptOutType", random.choice(ODD)),)))
    return Webhook("/sms").saying((("From", number), ("Body", words), ("MessageSid", sid), *more))


def news(webhook: Webhook, others: Sequence[Webhook], random: Random) -> Webhook:
    """News of texts, calls and recordings that are none of ours, or that makes no sense."""
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
    return replace(Webhook(path, query), headers=webhook.headers).saying(
        tuple((name, random.choice(values)) for name in names)
    )


TWISTS: dict[Twist, int] = {
    as_it_is: 8,
    odd_field: 14,
    fields_missing: 6,
    fields_repeated: 6,
    fields_of_another: 10,
    memory_of_another_call: 8,
    memory_of_another_step: 8,
    memory_tampered: 8,
    memory_cut_or_long: 4,
    odd_query: 4,
    odd_path: 6,
    another_route: 2,
    odd_body: 4,
    large_body: 1,
    in_pieces: 2,
    odd_headers: 4,
    another_method: 2,
    unsigned: 8,
    a_text: 1,
    news: 2,
}
"""How many of about a hundred webhooks are wrong in each way; a webhook may be wrong in several."""


def twisted(others: Sequence[Webhook], random: Random) -> tuple[Webhook, tuple[str, ...]]:
    """One webhook, and in which ways it is wrong."""
    webhook = random.choice(others)
    ways = random.choices([*TWISTS], [*TWISTS.values()], k=random.choice((1, 1, 1, 2, 3)))
    for way in ways:
        webhook = way(webhook, others, random)
    return webhook, tuple(sorted({way.__name__.replace("_", " ") for way in ways}))
