"""The settings of single sign-on: the identity provider (OpenID Connect), and which of its groups has which role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ivr.errors import IvrError

ROLES = ("adviser", "manager", "administrator")
"""Each may what the one before may."""
LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})
EXAMPLE = "Helpline advisers=adviser, Helpline managers=manager"


class SingleSignOnFailed(IvrError):
    """The identity provider did not tell us who somebody is.

    The message is for them; `cause` is for the log, and names what mends it.
    """

    def __init__(self, says: str, cause: str) -> None:
        super().__init__(says)
        self.cause = cause


@dataclass(frozen=True)
class IdentityProvider:
    """Who tells us who somebody is, and in which groups; `name` is what staff know it by.

    `is_only_way` has everybody but administrators come by it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    groups_claim: str
    roles: Mapping[str, str]
    is_only_way: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the identity provider knows them; `is_verified` says whether it vouches for the e-mail address."""

    issuer: str
    subject: str = field(repr=False)
    name: str
    email: str = field(repr=False)
    is_verified: bool
    groups: tuple[str, ...]


def parse_issuer(text: str) -> str:
    """Return the issuer; raise ValueError unless it is an address by HTTPS (or of this machine).

    >>> parse_issuer("https://login.example/tenant/v2.0")
    'https://login.example/tenant/v2.0'
    """
    try:
        url = urlsplit(text)
        whole = bool(url.hostname) and url.port != 0 and not (url.query or url.fragment)
    except ValueError:  # an invalid port or IPv6 address
        whole = False
    if not whole or (url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOCALHOST)):
        raise ValueError("this must be the issuer's address as it writes it, such as https://login.example/tenant/v2.0")
    return text


def parse_roles(text: str) -> dict[str, str]:
    """Return the role of each group; raise ValueError for anything else.

    >>> parse_roles(EXAMPLE)
    {'Helpline advisers': 'adviser', 'Helpline managers': 'manager'}
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        group, _, role = (word.strip() for word in part.rpartition("="))
        if not group or role not in ROLES:
            raise ValueError(f"write group=role with commas between, such as “{EXAMPLE}”; roles are {', '.join(ROLES)}")
        if found.setdefault(group, role) != role:
            raise ValueError(f"the group “{group}” has two roles")
    return found
