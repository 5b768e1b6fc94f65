"""A mail server on this machine, as far as ours talks to one: EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class SmtpServer:
    """What was sent to it, who signed in, and whether each line of theirs came encrypted."""

    port: int = 0
    has_starttls: bool = True
    refuses: str = ""
    """A command that is answered with an error."""
    tls: ssl.SSLContext | None = None
    messages: list[tuple[Sequence[str], EmailMessage]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []

        def answer(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        answer("220 mail.example")
        while line := (await reader.readline()).decode().rstrip():
            word, _, rest = line.partition(" ")
            word = word.upper()
            self.was_encrypted.append(writer.get_extra_info("ssl_object") is not None)
            if word == self.refuses:
                answer("550 no")
            elif word == "EHLO":
                answer("250-mail.example", *(["250-STARTTLS"] if self.has_starttls else []), "250 AUTH PLAIN")
            elif word == "STARTTLS" and self.has_starttls and self.tls:
                answer("220 go on")
                await writer.drain()
                await writer.start_tls(self.tls)
            elif word == "AUTH":
                self.signed_in.append(b64decode(rest.partition(" ")[2]).decode())
                answer("235 welcome")
            elif word == "DATA":
                answer("354 go on")
                text = await reader.readuntil(b"\r\n.\r\n")
                message = message_from_bytes(text.removesuffix(b".\r\n"), policy=policy.default)
                self.messages.append((tuple(to), message))
                answer("250 taken")
            elif word == "QUIT":
                answer("221 bye")
                break
            else:
                to += [rest.removeprefix("TO:").strip("<>")] if word == "RCPT" else []
                answer("250 well" if word in ("MAIL", "RCPT", "RSET") else "502 unknown")
        writer.close()


@asynccontextmanager
async def smtp_server(
    tls: ssl.SSLContext | None = None, *, from_the_start: bool = False, has_starttls: bool = True, refuses: str = ""
) -> AsyncIterator[SmtpServer]:
    """Yield a server that listens on a free port, by TLS from the start or by STARTTLS."""
    made = SmtpServer(has_starttls=has_starttls and tls is not None, refuses=refuses, tls=tls)
    listening = await asyncio.start_server(made.serve, HOST, 0, ssl=tls if from_the_start else None)
    made.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield made


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server and of a client that trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=str(folder / "certificate.pem"))
