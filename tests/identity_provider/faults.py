"""What an identity provider can get wrong."""

from enum import Enum, auto


class Fault(Enum):
    """One way to be wrong."""

    DENIES = auto()
    """It lets nobody in."""
    IS_DOWN = auto()
    IS_SLOW = auto()
    TALKS_NONSENSE = auto()
    """It answers with a page, where JSON is asked for."""
    HAS_ANOTHER_NAME = auto()
    """It calls itself another issuer."""
    NAMES_ANOTHER_SCHEME = auto()
    """It sends people to an address that is no web page."""
    KNOWS_NO_CLIENT = auto()
    """It refuses our secret."""
    GIVES_NO_ID_TOKEN = auto()
    GIVES_NO_KEYS = auto()

    # In its ID token:
    OTHER_ISSUER = auto()
    OTHER_AUDIENCE = auto()
    OTHER_NONCE = auto()
    NO_NONCE = auto()
    NO_SUBJECT = auto()
    EXPIRED = auto()
    OF_THE_FUTURE = auto()
    OTHER_KEY = auto()
    """Signed with a key that it never publishes, under the name of one that it does."""
    UNKNOWN_KEY = auto()
    """Signed with a key that it never publishes, under its own name."""
    NOT_SIGNED = auto()
    """The algorithm `none`."""
    SIGNED_WITH_THE_PUBLIC_KEY = auto()
    """HMAC, with what everybody can read as its secret."""
    TOO_MANY_GROUPS = auto()
    """It leaves groups out, as Entra ID does from 200 on."""
