"""Webhooks to the app: signed, delivered in-process, and their answers checked as Twilio checks them."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urldefrag, urlencode, urlsplit

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send
from twilio.request_validator import RequestValidator

from ivr.simulator.network.waits import RequestTwiml
from ivr.simulator.twilio_api.connection_overrides import NO_ANSWER, NO_CONNECTION, overrides_in
from ivr.simulator.twiml.attribution import attributed
from ivr.simulator.twiml.errors import (
    HTTP_RETRIEVAL_FAILURE,
    INVALID_CONTENT_TYPE,
    ApplicationFailure,
    TwimlError,
)
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.prompts import PromptsIn, origins
from ivr.simulator.twiml.timing import wav_duration
from ivr.simulator.twiml.verbs import AUDIO_SECONDS, Document, Verb

TIMEOUT = 15
"""Real seconds that Twilio waits for an answer."""
USER_AGENT = "TwilioProxy/1.1"
XML_TYPES = r"(text|application)/xml"
AUDIO_TYPES = r"audio/.+"


@dataclass(frozen=True)
class Webhook:
    """One request to the app. `signature` replaces the right one; an empty one is not sent at all."""

    method: str
    url: str
    form: dict[str, str]
    signature: str | None = None


class WebhookClient:
    """Sends webhooks to an app in this process, as if through a proxy that strips the path prefix of `public_url`.

    `tamper` is applied to the next request for a document, once.
    """

    def __init__(self, app: ASGIApp, public_url: str, token: str, prompts_in: PromptsIn = lambda text: ()) -> None:
        self.app = app
        self.public_url = public_url.rstrip("/")
        self.tamper: Callable[[Webhook], Webhook] | None = None
        self.signs_fragments = False
        """True if signatures cover the fragment of an address. Twilio does not say whether they do."""
        self.is_cut_off = False
        """True if no status callback reaches the app, though documents do: news is lost."""
        self.requests: list[Webhook] = []
        self.documents: list[str] = []
        self.fetched_audio: dict[str, bytes] = {}
        """The audio that the app has served, by its URL."""
        self._token, self._prompts_in = token, prompts_in
        self._validator = RequestValidator(token)

    async def fetch_twiml(self, request: RequestTwiml) -> Document:
        """Return the document that the app answers with; an empty one if the answer is not read.

        Raises ApplicationFailure when there is no answer, or none that can be executed.
        """
        webhook = Webhook(request.method, request.url, request.form)
        if self.tamper:
            webhook, self.tamper = self.tamper(webhook), None
        self.requests.append(webhook)
        text = await self.send(webhook)
        self.documents.append(text)
        if not request.answer_read:
            return Document(webhook.url, ())
        try:
            return Document(webhook.url, self.read(text))
        except TwimlError as error:
            raise ApplicationFailure(error.code, webhook.url, str(error)) from None

    def read(self, text: str) -> tuple[Verb, ...]:
        """Return the verbs of the last answer, with where their words come from. Raises TwimlError."""
        return attributed(parse(text), origins(len(self.documents) - 1, self._prompts_in(text)))

    def clone(self) -> "WebhookClient":
        """Return a client for another call, with its own log of requests, to whichever app this one has by then."""
        client = WebhookClient(self._forward, self.public_url, self._token, self._prompts_in)
        client.fetched_audio = self.fetched_audio
        return client

    async def send(self, webhook: Webhook) -> str:
        """Send a webhook and return the body of the answer, which must be XML. Raises ApplicationFailure."""
        response = await self._response(webhook.url, self._request(_with_query(webhook)))
        self._check_type(response, webhook.url, XML_TYPES)
        return response.text

    async def notify(self, webhook: Webhook) -> None:
        """Send a webhook whose answer has no content, again as its address asks. Raises ApplicationFailure."""
        overrides = overrides_in(webhook.url)
        for attempt in count():
            try:
                await self.notify_once(webhook)
                return
            except ApplicationFailure as failure:
                if not overrides.allow_retry(failure.kind, attempt):
                    raise

    async def notify_once(self, webhook: Webhook) -> None:
        """Send such a webhook, and not again. Raises ApplicationFailure."""
        if self.is_cut_off:
            raise ApplicationFailure(HTTP_RETRIEVAL_FAILURE, webhook.url, "No connection.", NO_CONNECTION)
        await self._response(webhook.url, self._request(_with_query(webhook)))

    async def fetch_audio(self, url: str) -> float:
        """Return the length in seconds of audio that the app serves; that of other servers is assumed, not fetched.

        Raises ApplicationFailure when the answer is not audio.
        """
        if not self._is_public_url(url):
            return AUDIO_SECONDS
        request = httpx2.Request("GET", self._internal_url(url), headers={"User-Agent": USER_AGENT})
        response = await self._response(url, request)
        self._check_type(response, url, AUDIO_TYPES)
        self.fetched_audio[url] = response.content
        return wav_duration(response.content) or AUDIO_SECONDS

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    async def _response(self, url: str, request: httpx2.Request) -> httpx2.Response:
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        try:
            async with asyncio.timeout(TIMEOUT):
                response = await transport.handle_async_request(request)
                await response.aread()
        except TimeoutError:
            raise ApplicationFailure(HTTP_RETRIEVAL_FAILURE, url, "No answer in time.", NO_ANSWER) from None
        if not response.is_success:
            status = response.status_code
            raise ApplicationFailure(HTTP_RETRIEVAL_FAILURE, url, f"HTTP status {status}.", f"{status // 100}xx")
        return response

    def _check_type(self, response: httpx2.Response, url: str, types: str) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if not re.fullmatch(types, kind):
            raise ApplicationFailure(INVALID_CONTENT_TYPE, url, f"An answer of type {kind or 'unknown'}.")

    def _is_public_url(self, url: str) -> bool:
        requested, public = urlsplit(url), urlsplit(self.public_url)
        inside = (requested.path + "/").startswith(public.path + "/")
        return inside and (requested.scheme, requested.netloc) == (public.scheme, public.netloc)

    def _internal_url(self, url: str) -> str:
        """Return a public URL as the app sees it behind its proxy."""
        requested = urlsplit(url)
        return requested._replace(path=requested.path.removeprefix(urlsplit(self.public_url).path)).geturl()

    def _request(self, webhook: Webhook) -> httpx2.Request:
        if not self._is_public_url(webhook.url):
            reason = f"Nothing answers outside {self.public_url}."
            raise ApplicationFailure(HTTP_RETRIEVAL_FAILURE, webhook.url, reason)
        form = {} if webhook.method == "GET" else webhook.form
        signature = webhook.signature
        if signature is None:
            signed = webhook.url if self.signs_fragments else urldefrag(webhook.url).url
            signature = self._validator.compute_signature(signed, form)
        headers = {"User-Agent": USER_AGENT}
        if signature:
            headers["X-Twilio-Signature"] = signature
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        content = urlencode(form).encode()
        return httpx2.Request(webhook.method, self._internal_url(webhook.url), headers=headers, content=content)


def _with_query(webhook: Webhook) -> Webhook:
    """Move the fields of a GET into the URL, which is what is signed then."""
    if webhook.method != "GET":
        return webhook
    url, form = urlsplit(webhook.url), urlencode(webhook.form)
    return replace(webhook, url=url._replace(query=f"{url.query}&{form}" if url.query else form).geturl())
