"""Who may open the telephone from another machine: one-time codes, and the browsers that came in with one."""

from collections.abc import Callable
from hmac import compare_digest
from secrets import choice, token_urlsafe
from time import monotonic

from ivr.errors import IvrError

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I or O: a code may be read aloud and typed."""
CODE_LENGTH = 12
"""60 bits."""
CODE_SECONDS = 600.0
MAX_WRONG = 10
"""How many wrong codes close a link."""
ANOTHER = "Whoever serves the telephone makes another by pressing Enter in the terminal."


class CodeRefused(IvrError):
    """A code that lets nobody in; the page shows the message."""


class Guests:
    """Makes a code that lets one browser in, within ten minutes, and knows the browsers that are in.

    `now` returns seconds that only go up.

    >>> guests = Guests()
    >>> guests.is_guest(guests.admit(guests.invite())), guests.is_guest("")
    (True, False)
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._code, self._until, self._wrong, self._is_used = "", 0.0, 0, False
        self._tokens: set[str] = set()

    def invite(self) -> str:
        """Return a new code; the one before lets nobody in any more."""
        self._code = "".join(choice(ALPHABET) for _ in range(CODE_LENGTH))
        self._until, self._wrong, self._is_used = self._now() + CODE_SECONDS, 0, False
        return self._code

    def admit(self, code: str) -> str:
        """Return the token of the browser that brings the code. Raises CodeRefused."""
        if self._wrong >= MAX_WRONG:
            raise CodeRefused(f"Too many wrong codes were tried, so this link is closed. {ANOTHER}")
        if not self._code or not compare_digest(_typed(code).encode(), self._code.encode()):
            self._wrong += 1
            raise CodeRefused("That code is wrong, or of an older link. The newest stands in the terminal.")
        if self._is_used:
            raise CodeRefused(f"This link has been used: it lets in one browser, once. {ANOTHER}")
        if self._now() > self._until:
            raise CodeRefused(f"This link has run out: it is good for {CODE_SECONDS / 60:.0f} minutes. {ANOTHER}")
        self._is_used = True
        token = token_urlsafe(32)
        self._tokens.add(token)
        return token

    def is_guest(self, token: str) -> bool:
        """Return whether a browser came in with a code."""
        return token in self._tokens


def _typed(code: str) -> str:
    """Return a code as it was made, however it was typed.

    >>> _typed("abcd-efgh jkmn")
    'ABCDEFGHJKMN'
    """
    return code.upper().replace("-", "").replace(" ", "")
