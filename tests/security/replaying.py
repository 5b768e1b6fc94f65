"""Somebody who has found signed webhooks, in a log perhaps, and sends them to us once more."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx2
from twilio.request_validator import RequestValidator

from tests.web.asking import CALLER, TOKEN, URL, action, ask, form_of
from tests.web.edge import Edge, rows_of

A_TEXT = ("0", "3", "1", "1")
"""To a person, whom nobody can be; a text instead; to this number; yes."""


@dataclass(frozen=True)
class Stolen:
    """One webhook to the byte, with the signature it had and the answer it got."""

    url: str
    form: dict[str, str]
    signature: str
    answer: httpx2.Response

    async def again(self, here: Edge) -> httpx2.Response:
        """The same once more."""
        return await ask(here.app, self.url, self.form, signature=self.signature)


@dataclass
class Log:
    """Every webhook that came, as whoever keeps a log of them has them."""

    here: Edge
    kept: list[Stolen] = field(default_factory=list)

    async def post(self, url: str, form: dict[str, str]) -> httpx2.Response:
        """One that really comes from the provider."""
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        answer = await ask(self.here.app, url, form, signature=signature)
        self.kept.append(Stolen(url, form, signature, answer))
        return answer

    async def call(self, *keys: str, call: str = "CA1", caller: str = CALLER) -> httpx2.Response:
        """A whole call; the answer to the last key. Advisers do not answer."""
        who = {"From": caller, "Caller": caller}
        answer = await self.post(f"{URL}/voice", form_of(call, **who))
        for key in keys:
            answer = await self.post(action(answer), form_of(call, Digits=key, **who))
            while "<Dial" in answer.text:
                answer = await self.post(action(answer), form_of(call, DialCallStatus="no-answer", **who))
        return answer

    async def text(self, body: str, sid: str, number: str = CALLER) -> httpx2.Response:
        """A text that comes in."""
        return await self.post(f"{URL}/sms", {"MessageSid": sid, "From": number, "To": "+447700900999", "Body": body})


async def kept(here: Edge) -> dict[str, list[object]]:
    """All that is in the database, but for what is merely counted, remembered for a while, or written later."""
    from ivr.store.tables import metadata

    passing = {"idempotency_keys", "daily_counts", "calls", "call_events", "provider_resources", "heartbeats"}
    tables = [table for table in metadata.sorted_tables if table.name not in passing]
    return {table.name: [tuple(row) for row in await rows_of(here.store, table)] for table in tables}


def token_in(url: str) -> str:
    """The sealed memory in an address."""
    return parse_qs(urlsplit(url).query).get("m", [""])[0]
