"""A process that has few file descriptors answers while hundreds of lines are idle, and says what it refuses."""

import asyncio
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.processes.ivr_process import IvrProcess
from tests.processes.test_forwarded_headers import PRODUCTION
from tests.web.webhooks import TOKEN, URL, form_of

DESCRIPTORS, IDLE = 256, 300


def webhook(signed_for: str) -> bytes:
    """The first webhook of a call, signed for an address."""
    body = urlencode(form_of()).encode()
    signature = RequestValidator(TOKEN).compute_signature(signed_for, form_of())
    head = f"POST /voice HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def ask(port: int, request: bytes) -> bytes:
    """Return the first line of the response, on a line of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await reader.readline()
    finally:
        writer.close()


async def test_idle_lines_keep_nobody_from_being_answered(tmp_path: Path) -> None:
    command = ("serve", "--no-worker", "--port", "0")
    web = IvrProcess(tmp_path / "log", PRODUCTION, command, descriptors=DESCRIPTORS)
    async with web.running():
        port = int((await web.base_url()).rpartition(":")[2])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(IDLE)]
        for _ in range(20):
            assert await ask(port, webhook(f"{URL}/voice")) == b"HTTP/1.1 200 OK\r\n"
        assert await ask(port, webhook("https://helpline.example/voice")) == b"HTTP/1.1 403 Forbidden\r\n"
        for _, writer in idle:
            writer.close()
    logged = (tmp_path / "log").read_text()
    assert "Twilio signed https://helpline.example/voice; IVR_PUBLIC_URL says https://helpline.example/ivr" in logged
    assert "Traceback" not in logged
