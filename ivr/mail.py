"""Sends e-mails to staff, in a thread; what goes wrong is told without any address or word of them."""

import asyncio
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from ivr.errors import IvrError
from ivr.smtp_url import SmtpServer

TIMEOUT = 15.0
"""Seconds for each answer of the server."""


class MailFailed(IvrError):
    """An e-mail was not sent."""


class SmtpMailer:
    """Sends e-mails through a server; `context` is how its certificate is verified."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        self._server, self._timeout = server, timeout
        self._context = context or ssl.create_default_context()

    async def send(self, to: str, subject: str, text: str, now: datetime) -> None:
        """Send an e-mail in plain text; raise MailFailed."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._server.sender, to, subject
        message["Date"], message["Message-ID"] = format_datetime(now), make_msgid(domain=_domain(self._server.sender))
        message["Auto-Submitted"] = "auto-generated"  # so that nobody's “I am on holiday” answers: RFC 3834
        message.set_content(text)
        try:
            await asyncio.to_thread(self._send, message)
        except (OSError, smtplib.SMTPException) as error:  # among the first: ssl.SSLError and TimeoutError
            raise MailFailed(f"the e-mail was not sent ({type(error).__name__}): see IVR_SMTP_URL") from None

    async def sign_in(self) -> None:
        """Sign in at the server and send nothing; raise MailFailed."""
        try:
            await asyncio.to_thread(lambda: self._signed_in().quit())
        except (OSError, smtplib.SMTPException) as error:
            raise MailFailed(f"{type(error).__name__}: see IVR_SMTP_URL") from None

    def _send(self, message: EmailMessage) -> None:
        with self._signed_in() as smtp:
            smtp.send_message(message)

    def _signed_in(self) -> smtplib.SMTP:
        smtp = self._connect()
        try:
            if self._server.needs_starttls:
                smtp.starttls(context=self._context)
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _connect(self) -> smtplib.SMTP:
        where = self._server.host, self._server.port
        if self._server.has_tls:
            return smtplib.SMTP_SSL(*where, timeout=self._timeout, context=self._context)
        return smtplib.SMTP(*where, timeout=self._timeout)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
