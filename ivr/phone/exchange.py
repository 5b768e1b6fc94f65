"""The telephone company between the caller and the app: signs webhooks, delivers them, reads the answers."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send
from twilio.request_validator import RequestValidator

from ivr.phone.failure import CONTENT_TYPE, HTTP_FAILURE, ApplicationFailure, TwimlError
from ivr.phone.sound import seconds_of_wav
from ivr.phone.stops import Ask
from ivr.phone.twiml import read
from ivr.phone.verbs import AUDIO_SECONDS, Document

PATIENCE = 15
"""Seconds Twilio waits for an answer: real ones, for an app that hangs."""
XML = r"(text|application)/xml"
AUDIO = r"audio/.+"


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
        self._token = token
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

    def another(self) -> "Exchange":
        """For another call to the app that this one has, whichever that is at the time."""
        return Exchange(self._present_app, self.public_url, self._token)

    async def delivers(self, webhook: Webhook) -> str:
        """Send one webhook; the text of a good answer."""
        response = await self._asks(webhook.url, self._request(_with_query(webhook)))
        self._expects_type(response, webhook.url, XML)
        return response.text

    async def tells(self, webhook: Webhook) -> None:
        """Send one webhook whose answer says nothing."""
        await self._asks(webhook.url, self._request(_with_query(webhook)))

    async def sound(self, url: str) -> float:
        """The length of a sound of the app's, in seconds; what is not the app's is not fetched, and counts as usual."""
        if not self._is_inside(url):
            return AUDIO_SECONDS
        address = self._address(url)
        response = await self._asks(url, httpx2.Request("GET", address, headers={"User-Agent": "TwilioProxy/1.1"}))
        self._expects_type(response, url, AUDIO)
        return seconds_of_wav(response.content) or AUDIO_SECONDS

    async def _present_app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    async def _asks(self, url: str, request: httpx2.Request) -> httpx2.Response:
        """A good answer, whole."""
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        try:
            async with asyncio.timeout(PATIENCE):
                response = await transport.handle_async_request(request)
                await response.aread()
        except TimeoutError:
            raise ApplicationFailure(HTTP_FAILURE, url, "No answer in time.") from None
        if not response.is_success:
            raise ApplicationFailure(HTTP_FAILURE, url, f"HTTP status {response.status_code}.")
        return response

    def _expects_type(self, response: httpx2.Response, url: str, types: str) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if not re.fullmatch(types, kind):
            raise ApplicationFailure(CONTENT_TYPE, url, f"An answer of type {kind or 'unknown'}.")

    def _is_inside(self, url: str) -> bool:
        """Whether the app answers there."""
        there, public = urlsplit(url), urlsplit(self.public_url)
        inside = (there.path + "/").startswith(public.path + "/")
        return inside and (there.scheme, there.netloc) == (public.scheme, public.netloc)

    def _address(self, url: str) -> str:
        """What the app sees of an address behind its proxy."""
        there = urlsplit(url)
        return there._replace(path=there.path.removeprefix(urlsplit(self.public_url).path)).geturl()

    def _request(self, webhook: Webhook) -> httpx2.Request:
        if not self._is_inside(webhook.url):
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
        content = urlencode(form).encode()
        return httpx2.Request(webhook.method, self._address(webhook.url), headers=headers, content=content)


def _with_query(webhook: Webhook) -> Webhook:
    """A GET carries its fields in the address, which is what is signed then."""
    if webhook.method != "GET":
        return webhook
    joint = "&" if urlsplit(webhook.url).query else "?"
    return replace(webhook, url=f"{webhook.url}{joint}{urlencode(webhook.form)}")
