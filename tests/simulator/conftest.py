"""Fixtures: a phone that calls an app made of TwiML documents."""

from collections.abc import Mapping

import pytest

from ivr.simulator.phone import Phone
from tests.simulator.twiml_app import TOKEN, Answer, MakePhone, TwimlApp


@pytest.fixture
def make_phone() -> MakePhone:
    """Return a function that makes a phone and the app it calls."""

    def make(voice: Answer, *, callees: Mapping[str, str] | None = None, **answers: Answer) -> tuple[Phone, TwimlApp]:
        documents = TwimlApp({"voice": voice} | answers)
        return Phone(documents.app, token=TOKEN, callees=callees), documents

    return make
