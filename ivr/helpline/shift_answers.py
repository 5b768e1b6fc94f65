"""What an adviser answers who is reminded of a shift: that they will be there, or cannot.

Only a text that is nothing else is an answer: in “OK, but ten minutes late” there is something for us to read.
"""

from enum import StrEnum

from ivr.helpline.sms_keywords import plain_words, spelling, without_courtesies


class ShiftAnswer(StrEnum):
    """What somebody said of a shift."""

    coming = "coming"
    not_coming = "not_coming"


COMING = (
    *("OK", "OKAY", "K", "KK", "YES", "Y", "YEP", "YUP", "YEAH", "YES I WILL", "SURE", "FINE", "GREAT", "COMING"),
    *("I AM COMING", "I'M COMING", "I WILL BE THERE", "I'LL BE THERE", "WILL BE THERE", "BE THERE", "WILL DO"),
    *("CONFIRM", "CONFIRMED", "I CONFIRM", "SEE YOU THEN", "SEE YOU", "OK SEE YOU THEN", "YES OK", "OK YES"),
)
NOT_COMING = (
    *("NOT", "NO", "N", "NOPE", "NOT OK", "CAN'T", "CANNOT", "CAN NOT", "I CAN'T", "I CANNOT", "NO I CAN'T"),
    *("CAN'T COME", "CANNOT COME", "I CAN'T COME", "I CANNOT COME", "CAN'T MAKE IT", "I CAN'T MAKE IT"),
    *("CANNOT MAKE IT", "I CANNOT MAKE IT", "CAN'T DO IT", "I CAN'T DO IT", "CAN'T DO", "UNABLE", "NOT ABLE"),
    *("NOT COMING", "I AM NOT COMING", "I'M NOT COMING", "WON'T BE THERE", "I WON'T BE THERE"),
    *("I WILL NOT BE THERE", "NOT THERE", "NOT POSSIBLE", "NO I CANNOT"),
)
SPELLINGS = {
    spelling(plain_words(words)): answer
    for answer, spelled in ((ShiftAnswer.coming, COMING), (ShiftAnswer.not_coming, NOT_COMING))
    for words in spelled
}
SIGNS = {
    **dict.fromkeys("👍👌✅✔🆗🙂😀😊", ShiftAnswer.coming),
    **dict.fromkeys("👎❌✖🚫", ShiftAnswer.not_coming),
}
SORRY = frozenset({"SORRY", "HI", "HELLO"})
"""What people say before it or behind, besides please and thank you."""


def shift_answer_of(body: str) -> ShiftAnswer | None:
    """Return the answer that a text is; None for any other text.

    >>> [str(shift_answer_of(text)) for text in ("Ok!", "👍🏽", "I'll be there, thanks", "Sorry, can't come")]
    ['coming', 'coming', 'coming', 'not_coming']
    >>> shift_answer_of("OK, but ten minutes late"), shift_answer_of("👍👎"), shift_answer_of("")
    (None, None, None)
    """
    words = without_courtesies(plain_words(body), SORRY)
    return SPELLINGS.get(spelling(words)) if words else _of_signs(body)


def _of_signs(body: str) -> ShiftAnswer | None:
    found = {SIGNS[sign] for sign in body if sign in SIGNS}
    return found.pop() if len(found) == 1 else None
