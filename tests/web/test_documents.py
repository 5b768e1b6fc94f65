"""A document that depends on nothing of the caller is rendered once, however a call comes to it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from ivr.app import build
from ivr.engine.verbs import Turn
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.timezone import LONDON
from ivr.telephony.twiml import Document, Renderer
from tests.phone_calls import NOW, PLACES, rings, telephone
from tests.test_calls import settings

PERSONAL = ("numbers/", "texts/", "callbacks/", "messages/", "person/")
"""Flows in which callers hear their own number, the sound of their own message, or wait in a queue of their own."""


@dataclass(frozen=True)
class CountingRenderer(Renderer):
    """A renderer that notes what it renders."""

    rendered: list[str] = field(default_factory=list)

    def document(self, turn: Turn, at: str | None) -> Document:
        if at:  # not the fallback document, which is of no call
            self.rendered.append(at)
        return super().document(turn, at)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every step of which a document is rendered."""
    found: list[str] = []
    monkeypatch.setattr(
        "ivr.fallback_document.Renderer",
        lambda languages, url, caller_id: CountingRenderer(languages, url, caller_id, found),
    )
    return found


async def test_a_greeting_with_an_emergency_message_is_rendered_once_for_each_message(rendered: list[str]) -> None:
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    app = build(settings(), lambda: now)
    for message in ("The council is closed today.", "Our texts are late today."):
        app.state.staff_cache.emergency = EmergencyMessage(message, now + timedelta(hours=1))
        phones = [await rings(telephone(app=app)) for _ in range(3)]
        assert all(message in phone.heard for phone in phones)
    assert rendered == ["welcome/main"] * 2


async def test_after_the_first_calls_no_more_documents_are_rendered(rendered: list[str]) -> None:
    now = datetime.fromisoformat(NOW).replace(tzinfo=LONDON)
    app = build(settings(), lambda: now)
    for keys in PLACES.values():
        await rings(telephone(app=app), *keys)
    assert "welcome/main" in rendered
    rendered.clear()
    for keys in PLACES.values():
        for _ in range(5):
            await rings(telephone(app=app), *keys)
    assert [at for at in rendered if not at.startswith(PERSONAL)] == []
