"""The setting IVR_SMTP_URL: through which server e-mails to staff are sent, and from which address."""

from dataclasses import dataclass, field
from re import fullmatch
from urllib.parse import parse_qs, unquote, urlsplit

EXAMPLE = "smtps://user:password@mail.example:465?from=helpline@mail.example"
PORTS = {"smtps": 465, "smtp": 587}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts to which nothing travels, so that a relay there needs no encryption."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server: by TLS from the start (`smtps`), or by STARTTLS, without which nothing is sent elsewhere."""

    host: str
    port: int
    has_tls: bool
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def needs_starttls(self) -> bool:
        """Return whether the connection has to be encrypted before anything is said."""
        return not self.has_tls and self.host not in LOOPBACK


def parse_smtp_url(text: str) -> SmtpServer:
    """Return the server; raise ValueError, which leaves the setting out, for it holds a password.

    >>> parse_smtp_url("smtp://mail.example?from=helpline@mail.example")
    SmtpServer(host='mail.example', port=587, has_tls=False, user='', sender='helpline@mail.example')
    """
    try:
        url = urlsplit(text)
        port = url.port or PORTS[url.scheme]
        query = parse_qs(url.query, strict_parsing=True, max_num_fields=1) if url.query else {}
    except (KeyError, ValueError):
        raise ValueError(f"this must be such as {EXAMPLE}") from None
    if not url.hostname or url.path.strip("/") or url.fragment or query.keys() - {"from"}:
        raise ValueError(f"this must be such as {EXAMPLE}; signs such as @ in a password are written as %40")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if bool(user) != bool(password):
        raise ValueError("a user needs a password, and a password a user")
    sender = query.get("from", [user])[0]
    if not fullmatch(r"[!-~]+@[!-~]+", sender) or sender.count("@") != 1 or set(sender) & set('<>,;:"()\\'):
        raise ValueError("this needs the address that e-mails come from: write it behind ?from=")
    return SmtpServer(url.hostname, port, url.scheme == "smtps", user, password, sender)
