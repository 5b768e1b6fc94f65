"""Nobody forged: what is not signed by the provider is refused."""

from dataclasses import replace

import httpx2
import pytest
from pydantic import ValidationError

from ivr.app import build
from ivr.simulator.scenarios.player import play
from ivr.simulator.scenarios.tampering import TAMPERS
from ivr.simulator.twiml.errors import ApplicationFailure
from tests.phone_calls import A_WHOLE_CALL, AT, rings, telephone
from tests.test_calls import CALLS, settings, staged


async def test_nobody_forged_any_webhook_of_a_call() -> None:
    phone = await rings(telephone(otherwise="accepts"), *A_WHOLE_CALL)
    for webhook in phone.requests:
        for signature in ("", "bm90IG91cnM=", "not one"):
            with pytest.raises(ApplicationFailure, match="HTTP status 403"):
                await phone.webhooks.send(replace(webhook, signature=signature))


async def test_nobody_forged_any_route_of_the_provider() -> None:
    app = build(settings(), lambda: AT)
    routes = [getattr(route, "path", "") for route in app.routes]
    # A recording is heard by whoever has an address that we have sealed: see tests/web/test_recordings.py.
    providers = [path for path in routes if not path.startswith(("/health/", "/metrics", "/recordings/"))]
    assert "/voice" in providers
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://helpline.example") as outside:
        for path in providers:
            answer = await outside.post(path.format(flow="welcome", step="main"), content="CallSid=CA1&Digits=1")
            assert answer.status_code == 403, path
            assert "<Response" not in answer.text


def test_nobody_forged_because_a_token_was_forgotten() -> None:
    with pytest.raises(ValidationError, match="TWILIO_AUTH_TOKEN"):
        settings({"TWILIO_AUTH_TOKEN": ""})


@pytest.mark.parametrize(("dev", "answered"), [("1", True), ("0", False)])
async def test_nobody_unsigned_is_answered_except_on_a_developers_own_machine(dev: str, answered: bool) -> None:
    phone = telephone(public_url="http://localhost:8000", more={"IVR_DEV": dev})
    phone.webhooks.tamper = TAMPERS["no_signature"]
    assert ("special needs helpline" in (await phone.dials()).heard) == answered


@pytest.mark.parametrize("name", ["a_parent_hears_the_deadline", "an_advisers_mailbox"])
async def test_nobody_real_is_refused_behind_a_path_prefix(name: str) -> None:
    prefixed = "https://helpline.example/devon/ivr"
    (script,) = [path for path in CALLS if path.stem == name]
    await play(script, staged({"IVR_PUBLIC_URL": prefixed}), public_url=prefixed)
