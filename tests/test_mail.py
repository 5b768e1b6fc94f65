"""E-mails to staff go out encrypted, to one person, and what goes wrong tells nothing of them."""

import ssl
from pathlib import Path

import pytest

from ivr import smtp_url
from ivr.mail import MailFailed, SmtpMailer
from ivr.smtp_url import SmtpServer, parse_smtp_url
from tests.smtp_server import HOST, certificate, smtp_server
from tests.store.fixtures import NOW

TO, SUBJECT, TEXT = "jo@helpline.example", "Your account", "Dear Jö,\n\nhttps://helpline.example/console/…\n"
FROM = "helpline@mail.example"


def to(port: int, *, has_tls: bool = False, user: str = "") -> SmtpServer:
    return SmtpServer(HOST, port, has_tls, user, "a p@ssword" if user else "", FROM)


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this machine count as another."""
    monkeypatch.setattr(smtp_url, "LOOPBACK", frozenset[str]())


async def test_an_e_mail_reaches_one_person_whole() -> None:
    async with smtp_server() as server:
        await SmtpMailer(to(server.port)).send(TO, SUBJECT, TEXT, NOW)
    [(recipients, message)] = server.messages
    assert recipients == (TO,)
    headers = {name: str(message[name]) for name in ("From", "To", "Subject", "Date", "Auto-Submitted")}
    assert headers == {
        **{"From": FROM, "To": TO, "Subject": SUBJECT, "Date": "Mon, 23 Nov 2026 10:00:00 +0000"},
        **{"Auto-Submitted": "auto-generated"},
    }
    assert message.get_content().replace("\r\n", "\n") == TEXT


@pytest.mark.parametrize("has_tls", [True, False])
@pytest.mark.usefixtures("elsewhere")
async def test_to_another_machine_everything_that_is_ours_goes_encrypted(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], has_tls: bool
) -> None:
    there, here = contexts
    async with smtp_server(there, from_the_start=has_tls) as server:
        await SmtpMailer(to(server.port, has_tls=has_tls, user="jo@mail.example"), here).send(TO, SUBJECT, TEXT, NOW)
    assert len(server.messages) == 1
    assert server.signed_in == ["\0jo@mail.example\0a p@ssword"]
    greeting = 0 if has_tls else 2  # EHLO and STARTTLS
    assert server.was_encrypted == [False] * greeting + [True] * (len(server.was_encrypted) - greeting)


@pytest.mark.usefixtures("elsewhere")
async def test_nothing_is_sent_where_it_cannot_be_encrypted() -> None:
    async with smtp_server(has_starttls=False) as server:
        with pytest.raises(MailFailed):
            await SmtpMailer(to(server.port, user="jo")).send(TO, SUBJECT, TEXT, NOW)
    assert (server.messages, server.signed_in) == ([], [])


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("has_tls", [True, False])
async def test_a_server_with_a_certificate_of_nobody_is_told_nothing(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], has_tls: bool
) -> None:
    async with smtp_server(contexts[0], from_the_start=has_tls) as server:
        with pytest.raises(MailFailed, match="SSLCertVerificationError"):
            await SmtpMailer(to(server.port, has_tls=has_tls, user="jo")).send(TO, SUBJECT, TEXT, NOW)
    assert (server.messages, server.signed_in) == ([], [])


@pytest.mark.parametrize("refuses", ["AUTH", "MAIL", "RCPT", "DATA"])
async def test_what_goes_wrong_tells_neither_the_address_nor_the_words_nor_the_password(refuses: str) -> None:
    async with smtp_server(refuses=refuses) as server:
        with pytest.raises(MailFailed) as failed:
            await SmtpMailer(to(server.port, user="jo")).send(TO, SUBJECT, TEXT, NOW)
    told = f"{failed.value!r} {failed.value} {failed.value.__cause__}"
    assert "IVR_SMTP_URL" in told
    assert not [one for one in (TO, "console", "p@ssword") if one in told]


async def test_a_server_that_does_not_answer_is_given_up() -> None:
    with pytest.raises(MailFailed):
        await SmtpMailer(to(1)).send(TO, SUBJECT, TEXT, NOW)


@pytest.mark.parametrize("text", ["jo@helpline.example\nBcc: eve@x.example", "jo@helpline.example\r\nX: y"])
async def test_an_address_cannot_add_a_header(text: str) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        await SmtpMailer(to(1)).send(text, SUBJECT, TEXT, NOW)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtps://jo:p%40ss@mail.example?from=h@x.example", ("mail.example", 465, True, "jo", "p@ss", "h@x.example")),
        ("smtp://jo%40x.example:pass@h.example:25", ("h.example", 25, False, "jo@x.example", "pass", "jo@x.example")),
        ("smtp://localhost/?from=h@x.example", ("localhost", 587, False, "", "", "h@x.example")),
    ],
)  # fmt: skip
def test_a_mail_server_is_read_from_its_address(text: str, server: tuple[str, int, bool, str, str, str]) -> None:
    assert parse_smtp_url(text) == SmtpServer(*server)


@pytest.mark.parametrize(
    "text",
    [
        *("mail.example", "https://mail.example", "smtp://", "smtp://mail.example", "smtp://jo@mail.example"),
        *("smtp://:hush@mail.example?from=h@x.example", "smtp://jo:hush@mail.example", "smtp://mail.example:x"),
        *("smtp://mail.example/path?from=h@x.example", "smtp://mail.example?to=h@x.example", "smtp://h?from"),
        *("smtp://mail.example?from=h@x.example%0aBcc:e@x.example", "smtp://mail.example?from=<h@x.example>"),
        "smtp://jo:hu/sh@mail.example?from=h@x.example",
    ],
)
def test_what_is_no_mail_server_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(ValueError, match=r"this|a user") as refused:
        parse_smtp_url(text)
    assert "hush" not in str(refused.value)
