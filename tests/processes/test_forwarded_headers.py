"""Forwarded headers change nothing: neither scheme nor client address, signature check, or log (decision 004).

uvicorn, with `proxy_headers`, would put X-Forwarded-For and -Proto into the client address and scheme of a request.
The telephone in the browser (IVR_DEV) admits requests by both: whoever can send headers would choose who they are.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx2
from twilio.request_validator import RequestValidator

from tests.processes.ivr_process import IvrProcess
from tests.web.webhooks import SHOWN, TOKEN, URL, form_of

STRANGER, ELSEWHERE = "203.0.113.9", "elsewhere.example"
FORWARDED = {
    "X-Forwarded-For": STRANGER,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": ELSEWHERE,
    "Forwarded": f"for={STRANGER};proto=https;host={ELSEWHERE}",
}
PRODUCTION = {
    "IVR_CALLER_ID": SHOWN,
    "IVR_PUBLIC_URL": URL,
    "IVR_SECRET_KEY": "A" * 43,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


@asynccontextmanager
async def serving(log: Path, settings: Mapping[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """Run `ivr serve`, and yield a client of it; uvicorn would trust the headers of anybody."""
    trusting = {"FORWARDED_ALLOW_IPS": "*", **settings}
    web = IvrProcess(log, trusting, ("serve", "--no-worker", "--port", "0"))
    async with (
        web.running(),
        httpx2.AsyncClient(base_url=await web.base_url(), trust_env=False, timeout=30) as client,
    ):
        yield client


async def test_neither_client_address_nor_scheme_is_taken_from_a_header(tmp_path: Path) -> None:
    async with serving(tmp_path / "log", {"IVR_DEV": "1"}) as client:

        async def status(headers: Mapping[str, str]) -> int:
            return (await client.get("/phone/about", headers=headers)).status_code

        here = f"{client.base_url.host}:{client.base_url.port}"
        assert await status({}) == 200
        assert await status({"X-Forwarded-For": STRANGER}) == 200
        assert await status({"X-Forwarded-Proto": "https", "Origin": f"http://{here}"}) == 200
        assert await status({"X-Forwarded-Proto": "https", "Origin": f"https://{here}"}) == 403


async def test_no_webhook_is_answered_otherwise_and_nothing_is_logged(tmp_path: Path) -> None:
    async with serving(log := tmp_path / "log", PRODUCTION) as client:

        async def post(signed_for: str, headers: Mapping[str, str]) -> httpx2.Response:
            signature = RequestValidator(TOKEN).compute_signature(f"{signed_for}/voice", form_of())
            sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature, **headers}
            return await client.post("/voice", content=urlencode(form_of()), headers=sent)

        plain, forwarded = await post(URL, {}), await post(URL, FORWARDED)
        assert (plain.status_code, forwarded.status_code) == (200, 200)
        assert forwarded.content == plain.content
        for public_url in (f"https://{ELSEWHERE}", f"https://{ELSEWHERE}/ivr", str(client.base_url).rstrip("/")):
            assert (await post(public_url, FORWARDED)).status_code == 403
    logged = log.read_text()
    assert STRANGER not in logged
    assert ELSEWHERE not in logged
