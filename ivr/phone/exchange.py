"""The telephone company between the caller and the app: signs webhooks, delivers them, reads the answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import httpx2
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from ivr.phone.failure import CONTENT_TYPE, HTTP_FAILURE, ApplicationFailure, TwimlError
from ivr.phone.stops import Ask
from ivr.phone.twiml import read
from ivr.phone.verbs import Document

PATIENCE = 15
"""Seconds Twilio waits for an answer: real ones, for an app that hangs."""
XML = {"text/xml", "application/xml"}


@dataclass(frozen=True)
class Webhook:
    """One request to the app; `signature` only when it is not to be the right one: empty for none at all."""

    method: str
    url: str
    form: dict[str, str]
    signature: str | None = None


class Exchange:
    """Asks the app in-process, as if through a proxy that takes the path prefix of `public_url` away."""

    def __init__(self, app: ASGIApp, public_url: str, token: str) -> None:
        self.app = app
        self.public_url = public_url.rstrip("/")
        self.tamper: Callable[[Webhook], Webhook] | None = None
        self.requests: list[Webhook] = []
        self.documents: list[str] = []
        self._validator = RequestValidator(token)

    async def document(self, ask: Ask) -> Document:
        """The app's answer; empty if nobody is to read it.

        Raises ApplicationFailure when there is none that can be played.
        """
        webhook = Webhook(ask.method, ask.url, ask.form)
        if self.tamper:
            webhook, self.tamper = self.tamper(webhook), None
        self.requests.append(webhook)
        text = await self.delivers(webhook)
        self.documents.append(text)
        if not ask.answer_read:
            return Document(webhook.url, ())
        try:
            return Document(webhook.url, read(text))
        except TwimlError as mistake:
            raise ApplicationFailure(mistake.code, webhook.url, str(mistake)) from None

    async def delivers(self, webhook: Webhook) -> str:
        """Send one webhook; the text of a good answer."""
        request = self._request(_with_query(webhook))
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        try:
            async with asyncio.timeout(PATIENCE):
                response = await transport.handle_async_request(request)
                await response.aread()
        except TimeoutError:
            raise ApplicationFailure(HTTP_FAILURE, webhook.url, "No answer in time.") from None
        if not response.is_success:
            raise ApplicationFailure(HTTP_FAILURE, webhook.url, f"HTTP status {response.status_code}.")
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in XML:
            raise ApplicationFailure(CONTENT_TYPE, webhook.url, f"An answer of type {kind or 'unknown'}.")
        return response.text

    def _request(self, webhook: Webhook) -> httpx2.Request:
        url, public = urlsplit(webhook.url), urlsplit(self.public_url)
        inside = (url.path + "/").startswith(public.path + "/")
        if (url.scheme, url.netloc) != (public.scheme, public.netloc) or not inside:
            raise ApplicationFailure(HTTP_FAILURE, webhook.url, f"Nothing answers outside {self.public_url}.")
        form = {} if webhook.method == "GET" else webhook.form
        signature = webhook.signature
        if signature is None:
            signature = self._validator.compute_signature(webhook.url, form)
        headers = {"User-Agent": "TwilioProxy/1.1"}
        if signature:
            headers["X-Twilio-Signature"] = signature
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        address = url._replace(path=url.path.removeprefix(public.path)).geturl()
        return httpx2.Request(webhook.method, address, headers=headers, content=urlencode(form).encode())


def _with_query(webhook: Webhook) -> Webhook:
    """A GET carries its fields in the address, which is what is signed then."""
    if webhook.method != "GET":
        return webhook
    joint = "&" if urlsplit(webhook.url).query else "?"
    return replace(webhook, url=f"{webhook.url}{joint}{urlencode(webhook.form)}")
