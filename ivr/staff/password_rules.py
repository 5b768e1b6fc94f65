"""Which passwords are taken, by the advice of the NCSC: long ones, that are not common and not about us.

Nobody has to use digits or signs, or to change it every month: that makes passwords that are easier to guess.
https://www.ncsc.gov.uk/collection/passwords/updating-your-approach
"""

from collections.abc import Iterable
from re import findall
from unicodedata import normalize

from ivr.errors import AccountRefused
from ivr.store.accounts import Account

SHORTEST, LONGEST = 12, 200
LEAST_OF_ITS_OWN = 8
"""Characters that are left once what anybody would guess is taken out."""
FEWEST_DIFFERENT = 5
ADVICE = "Three words that have nothing to do with one another make a good one."
COMMON_WORDS = """
password passwort passw0rd p4ssword letmein welcome qwerty qwertyuiop asdfghjkl zxcvbnm 1q2w3e4r5t qazwsxedc
iloveyou monkey dragon football baseball liverpool arsenal chelsea sunshine princess superman batman pokemon
starwars trustno1 whatever changeme secret master admin administrator login user guest test testing hello
123456789012 12345678901 1234567890 0123456789 123456789 12345678 1234567 123456 12345 1234 abcdefgh abcdef abc123
january february march april may june july august september october november december
spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday
2023 2024 2025 2026 2027 2028 2029 correcthorsebatterystaple
"""
COMMON = frozenset(COMMON_WORDS.split())
"""What common passwords are made of: the head of each published list, and what people add to make them long enough."""
ABOUT_US = frozenset({"helpline", "send", "devon", "adviser", "advisor", "manager", "charity", "phone", "telephone"})


def normal(password: str) -> str:
    """Return a password in the one form that is hashed, whichever keyboard wrote it."""
    return normalize("NFKC", password)


def check_password(password: str, account: Account) -> None:
    """Raise AccountRefused for a password that is easily guessed, saying why."""
    text = normal(password)
    if len(text) < SHORTEST:
        raise AccountRefused(f"Please take {SHORTEST} characters or more. {ADVICE}")
    if len(text) > LONGEST:
        raise AccountRefused(f"Please take {LONGEST} characters or fewer.")
    own = _without(text.casefold(), [*_words_of(account), *ABOUT_US])
    if len(own) < LEAST_OF_ITS_OWN:
        raise AccountRefused(f"That is easily guessed, as it is your name, your address or about us. {ADVICE}")
    if len(_without(own, COMMON)) < LEAST_OF_ITS_OWN or len(set(own)) < FEWEST_DIFFERENT:
        raise AccountRefused(f"That is one of the passwords that are tried first. {ADVICE}")


def _words_of(account: Account) -> list[str]:
    words = findall(r"\w+", f"{account.name} {account.email or ''}".casefold())
    return [word for word in words if len(word) > 2]


def _without(text: str, words: Iterable[str]) -> str:
    """Return a text without spaces, and without these words, the longest first."""
    left = "".join(text.split())
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left
