"""Replays signed webhooks, as somebody who found them in a log might."""

from dataclasses import dataclass, field

import httpx2
from twilio.request_validator import RequestValidator

from tests.web.running_app import RunningApp, rows_of
from tests.web.webhooks import CALLER, TOKEN, URL, action, ask, form_of

A_TEXT = ("0", "3", "1", "1")
"""The keys for a text instead of a person, none of whom is there: to this number; yes."""


@dataclass(frozen=True)
class SignedWebhook:
    """One webhook with its signature and the response it got."""

    url: str
    form: dict[str, str]
    signature: str
    answer: httpx2.Response

    async def replay(self, here: RunningApp) -> httpx2.Response:
        """Send the same again."""
        return await ask(here.app, self.url, self.form, signature=self.signature)


@dataclass
class WebhookLog:
    """Sends webhooks and records them."""

    here: RunningApp
    webhooks: list[SignedWebhook] = field(default_factory=list)

    async def post(self, url: str, form: dict[str, str]) -> httpx2.Response:
        """Send a webhook as the provider does."""
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        answer = await ask(self.here.app, url, form, signature=signature)
        self.webhooks.append(SignedWebhook(url, form, signature, answer))
        return answer

    async def call(self, *keys: str, call: str = "CA1", caller: str = CALLER) -> httpx2.Response:
        """Make a whole call; return the response to the last key. Advisers do not answer."""
        who = {"From": caller, "Caller": caller}
        answer = await self.post(f"{URL}/voice", form_of(call, **who))
        for key in keys:
            answer = await self.post(action(answer), form_of(call, Digits=key, **who))
            while "<Dial" in answer.text:
                answer = await self.post(action(answer), form_of(call, DialCallStatus="no-answer", **who))
        return answer

    async def text(self, body: str, sid: str, number: str = CALLER) -> httpx2.Response:
        """Send an incoming text."""
        return await self.post(f"{URL}/sms", {"MessageSid": sid, "From": number, "To": "+447700900999", "Body": body})


async def stored_rows(here: RunningApp) -> dict[str, list[object]]:
    """Return all rows, but for those of counts, idempotency keys, and what is written later."""
    from ivr.store.tables import metadata

    passing = {
        "idempotency_keys",
        "daily_counts",
        "calls",
        "call_events",
        "provider_resources",
        "heartbeats",
        "purge_rounds",
    }
    tables = [table for table in metadata.sorted_tables if table.name not in passing]
    return {table.name: [tuple(row) for row in await rows_of(here.store, table)] for table in tables}
