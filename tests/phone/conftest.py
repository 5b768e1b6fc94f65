"""A telephone with documents at the other end."""

from collections.abc import Mapping

import pytest

from ivr.phone import Phone
from tests.phone.documents import TOKEN, Answer, Documents, Line


@pytest.fixture
def line() -> Line:
    """A telephone, and the documents it will be answered with."""

    def make(voice: Answer, *, far_ends: Mapping[str, str] | None = None, **answers: Answer) -> tuple[Phone, Documents]:
        documents = Documents({"voice": voice} | answers)
        return Phone(documents.app, token=TOKEN, far_ends=far_ends), documents

    return make
