"""Who answers at our address, until when its certificate is good, and which old keys are left."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from ivr.tokens import SecretProof
from tests.doctor.conftest import Patient
from tests.smtp_server import HOST, certificate
from tests.web.webhooks import helpline

OTHER = "Q" * 43


@pytest.fixture
async def tls_port(tmp_path: Path) -> AsyncIterator[int]:
    """The port of a server whose certificate, in `tmp_path`, is good for a day from now on."""
    server, _ = certificate(tmp_path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(serve, HOST, 0, ssl=server) as listening:
        yield listening.sockets[0].getsockname()[1]


def at(patient: Patient, port: int) -> None:
    patient.change(public_url=f"https://{HOST}:{port}")
    patient.subject = replace(patient.subject, now=datetime.now(UTC))


async def test_a_certificate_that_ends_soon_is_told(
    patient: Patient, tls_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    at(patient, tls_port)
    [found] = await patient.found("certificate")
    assert found.severity == "warning"
    assert f"the certificate of {HOST} ends on " in found.says
    assert "renew" in found.mend


async def test_a_certificate_that_nobody_trusts_is_told(patient: Patient, tls_port: int) -> None:
    at(patient, tls_port)
    [found] = await patient.found("certificate")
    assert (found.severity, "is not trusted: self-signed certificate" in found.says) == ("error", True)


async def test_where_nothing_is_served_by_https_there_is_no_certificate(patient: Patient) -> None:
    patient.change(public_url="http://localhost:8000")
    assert [one.severity for one in await patient.found("certificate")] == ["skipped"]


async def test_a_server_that_is_not_there_is_told_once_by_the_check_of_the_address(patient: Patient) -> None:
    at(patient, 1)
    async with httpx2.AsyncClient(trust_env=False) as http:
        patient.subject = replace(patient.subject, http=http)
        found = await patient.found("certificate", "public_url")
    assert [(one.check, one.severity) for one in found] == [("certificate", "skipped"), ("public_url", "error")]


async def test_a_helpline_of_another_at_our_address_is_told_though_it_has_our_token(patient: Patient) -> None:
    patient.change(public_url="https://helpline.example")
    theirs = helpline(settings=patient.subject.settings.model_copy(update={"secret_key": OTHER}))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(theirs)) as http:
        patient.subject = replace(patient.subject, http=http)
        [found] = await patient.found("public_url")
    assert found.says == "the helpline at IVR_PUBLIC_URL is not ours: it has another IVR_SECRET_KEY"


async def test_while_keys_are_changed_either_proves_that_it_is_ours(patient: Patient) -> None:
    old = patient.subject.settings.secret_key
    patient.change(secret_key=f"{OTHER},{old}")
    assert await patient.found("public_url") == []


async def test_an_old_key_that_is_left_is_told_with_the_step_that_is_next(patient: Patient) -> None:
    assert await patient.found("secret") == []
    patient.change(secret_key=f"{patient.subject.settings.secret_key},{OTHER}", auth_token="new,old")
    token, key = await patient.found("secret")
    assert "TWILIO_AUTH_TOKEN has two tokens" in token.says
    assert "IVR_SECRET_KEY has 2 keys" in key.says
    assert key.mend.startswith("No process of this database was seen")


def test_a_proof_is_another_for_each_challenge_and_says_nothing_of_the_key() -> None:
    proof = SecretProof([bytes(32)])
    assert len({proof.answer(challenge) for challenge in ("", "a", "b")}) == 3
    assert not SecretProof([b"x" * 32]).is_by_us("a", proof.answer("a"))
    assert not proof.is_by_us("a", "é")
