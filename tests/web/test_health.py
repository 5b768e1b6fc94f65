"""Liveness and readiness checks."""

import pytest

from tests.web.webhooks import URL, ask, helpline


@pytest.mark.parametrize(("path", "text"), [("/health/live", "alive"), ("/health/ready", "ready")])
async def test_anybody_may_ask_how_we_are(path: str, text: str) -> None:
    response = await ask(helpline(), f"{URL}{path}", {}, method="GET", signature="")
    assert (response.status_code, response.text) == (200, text)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_it_is_only_asked_and_never_told(path: str) -> None:
    assert (await ask(helpline(), f"{URL}{path}")).status_code == 405
