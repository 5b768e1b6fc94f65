"""What simulated callers want, and how they find the key for it in what they hear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

ALL_KEYS = "0123456789*#"
WRONG_KEY_RATE, NO_INPUT_RATE = 0.06, 0.04
"""Probabilities that a caller presses a random key, or none."""
MENU_CHOICE = re.compile(r"\b(?:For|To) ([^.]*?), press (\d)\b")
LETTER_DATE = f"{datetime.now(UTC) - timedelta(days=14):%d%m%Y}"
CERTIFICATE_DATE = f"{datetime.now(UTC) - timedelta(days=3):%d%m%Y}"
"""Dates of a decision that can still be appealed for weeks."""
ENDS_CALL = r"^end\b|finish"


@dataclass(frozen=True)
class Goal:
    """`choices` are patterns of menu choices or single keys, by preference; `confirmation` is heard at the goal."""

    name: str
    choices: tuple[str, ...]
    confirmation: str

    def keys(self, heard: str, number: str, is_reached: bool, random: Random) -> str | None:
        """Return the keys to press after hearing this; None for no input."""
        chance = random.random()
        if chance < NO_INPUT_RATE:
            return None
        if chance < NO_INPUT_RATE + WRONG_KEY_RATE:
            return random.choice(ALL_KEYS)
        return self._answer(heard, number, is_reached, random)

    def _answer(self, heard: str, number: str, is_reached: bool, random: Random) -> str | None:
        requested = list(_requested_digits(heard, number))
        if requested:
            return requested[-1]
        offered = MENU_CHOICE.findall(heard)
        wanted = (ENDS_CALL, *self.choices) if is_reached else self.choices
        for choice in wanted:
            found = [key for words, key in offered if re.search(choice, words)]
            if found or len(choice) == 1:
                return found[-1] if found else choice
        return random.choice(offered)[1] if offered else random.choice("0123*#")


def ending_key(heard: str) -> str | None:
    """Return the key that ends the call, if one was offered."""
    found = [key for words, key in MENU_CHOICE.findall(heard) if re.search(ENDS_CALL, words)]
    return found[-1] if found else None


def _requested_digits(heard: str, number: str) -> Iterator[str]:
    """Yield the dates and telephone numbers that the helpline asks for."""
    if re.search(r"eight keys|Key in the date|The date on the letter, please", heard):
        yield CERTIFICATE_DATE if "ertificate" in heard else LETTER_DATE
    if re.search(r"Key in (the|your|a) [a-z ]*(number|mobile)|number to ring, please|eleven digits", heard):
        yield "0" + number.removeprefix("+44")


YES = r"^yes$"
GOALS = (
    Goal("a text", (r"get the text", YES, r"\btext\b", r"health service|^health", r"next part"), "We will text you"),
    Goal(
        "a deadline",
        (r"council", r"last day to appeal|last day", YES, r"\btext\b", r"go on"),
        "Your last day to appeal",
    ),
    Goal("a person", ("0",), "no sentence confirms this"),
    Goal("a voicemail", (r"pass it on", r"^begin$", r"leave a message", YES, "0"), "We have passed your message on"),
    Goal("a callback", (r"rung back", r"ring you back", YES, r"morning|afternoon|any time", "0"), "We'll ring you on"),
)
