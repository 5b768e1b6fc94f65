"""Incoming texts that are a wish and nothing else: no more texts, texts again, no more reminders.

People write such a wish in their own way, and it counts in whatever spelling: wide letters, accents, invisible
characters, punctuation, emoji, spaces within, a name or a signature underneath. A sentence that only has one of the
words in it is no wish.

The provider knows some single words itself and answers them, on an ordinary number
(https://help.twilio.com/articles/223134027). It does not obey the other spellings: only we do.
"""

import re
from enum import StrEnum
from unicodedata import category, normalize


class Wish(StrEnum):
    """What is wished for."""

    stop = "STOP"
    start = "START"
    help = "HELP"
    no_reminders = "NO"


PROVIDER_WORDS: dict[str, Wish] = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"), Wish.stop),
    **dict.fromkeys(("START", "UNSTOP", "YES"), Wish.start),
    **dict.fromkeys(("HELP", "INFO"), Wish.help),
}
"""The words that the provider obeys or answers itself, where a text is nothing else."""
OWN_WORDS: dict[str, Wish] = {
    **dict.fromkeys(("REMOVE", "REMOVE ME", "UNSUB", "UNSUBSCRIBE ME", "OPT ME OUT", "CANCEL ALL"), Wish.stop),
    **dict.fromkeys(("STOP IT", "STOP TEXTS", "STOP THE TEXTS", "STOP THESE TEXTS", "STOP MESSAGES"), Wish.stop),
    **dict.fromkeys(("STOP TEXTING", "STOP TEXTING ME", "STOP MESSAGING ME", "STOP SENDING TEXTS"), Wish.stop),
    **dict.fromkeys(("NO TEXTS", "NO MORE TEXTS", "NO MORE MESSAGES", "STPO", "SOTP"), Wish.stop),
    **dict.fromkeys(("NO", "NO REMINDERS", "NO MORE REMINDERS", "CANCEL REMINDERS"), Wish.no_reminders),
    **dict.fromkeys(("STOP REMINDERS", "STOP THE REMINDERS", "STOP THESE REMINDERS"), Wish.no_reminders),
}
"""What people write besides."""
FIRST_LINES = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "REMOVE"})
"""Words that count in a first line too; CANCEL, END, QUIT or NO may begin a sentence that goes on in the next."""
POLITE = frozenset({"PLEASE", "PLS", "PLZ", "THANK", "YOU", "THANKS", "THX", "TA", "NOW"})
"""Words that people put before or behind."""
SIGNATURE_LINES, SIGNATURE_CHARACTERS = 3, 40
"""How many lines a signature has at most, and how long each is: more is a letter."""
UNSEEN = frozenset({"Mn", "Me", "Cf"})
"""Accents, variation selectors and marks of direction; soft hyphens and spaces of no width."""
FILLERS = "\u115f\u1160"
"""Letters of Hangul that show nothing."""


def wish_of(body: str) -> Wish | None:
    """Return the wish that a text is; None for any other text.

    >>> [str(wish_of(body)) for body in ("“S T O P”!", "opt-out", "Stop\\nJo Marsh", "No, thanks", "YES")]
    ['STOP', 'STOP', 'STOP', 'NO', 'START']
    >>> wish_of("please do not stop helping me"), wish_of("yes please"), wish_of("Help!")
    (None, None, None)
    """
    if wish := provider_wish_of(body):
        return wish
    words = plain_words(body)
    if wish := SPELLINGS.get(spelling(words)):
        return wish if wish is not Wish.help else None
    wish = SPELLINGS.get(spelling(without_courtesies(words)))
    if wish in (Wish.stop, Wish.no_reminders):
        return wish
    return Wish.stop if _is_signed_stop(body) else None


def provider_wish_of(body: str) -> Wish | None:
    """Return the wish that the provider sees in a text and answers itself; it knows single words only."""
    return PROVIDER_WORDS.get(body.strip().upper())


def plain_words(text: str) -> list[str]:
    """Return the words of a text in plain capital letters, without anything between them.

    >>> plain_words("“stóp”, s\\u200btop!")
    ['STOP', 'STOP']
    """
    seen = (one for one in normalize("NFKD", text) if category(one) not in UNSEEN and one not in FILLERS)
    return re.findall(r"[^\W_]+", "".join(seen).upper())


def spelling(words: list[str]) -> str:
    """Return words that are compared: repeated ones and letters count once, spaces not at all.

    >>> spelling(["STOP", "STOP"]), spelling(["S", "T", "O", "P"]), spelling(["STOPPP"])
    ('STOP', 'STOP', 'STOP')
    """
    once = words[:1] if len(set(words)) == 1 else words
    return re.sub(r"(.)\1+", r"\1", "".join(once))


SPELLINGS = {spelling(words.split()): wish for words, wish in (PROVIDER_WORDS | OWN_WORDS).items()}
SIGNED = frozenset(spelling([word]) for word in FIRST_LINES)


def without_courtesies(words: list[str], besides: frozenset[str] = frozenset()) -> list[str]:
    """Return words without those that are only polite, before and behind; and without others `besides`."""
    rest, polite = list(words), POLITE | besides
    while rest and rest[0] in polite:
        rest.pop(0)
    while rest and rest[-1] in polite:
        rest.pop()
    return rest


def _is_signed_stop(body: str) -> bool:
    """Return whether the first line stops texts, and those below are a signature."""
    first, *below = [line.strip() for line in body.splitlines() if plain_words(line)] or [""]
    is_short = 0 < len(below) <= SIGNATURE_LINES and all(len(line) <= SIGNATURE_CHARACTERS for line in below)
    return is_short and spelling(without_courtesies(plain_words(first))) in SIGNED
