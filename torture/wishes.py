"""What callers want, and how they find the key for it in what they hear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

ANY_KEY = "0123456789*#"
WRONG, SILENT = 0.06, 0.04
"""How many of a hundred times somebody presses any key at all, or none."""
OFFERED = re.compile(r"\b(?:For|To) ([^.]*?), press (\d)\b")
LETTER = f"{datetime.now(UTC) - timedelta(days=14):%d%m%Y}"
CERTIFICATE = f"{datetime.now(UTC) - timedelta(days=3):%d%m%Y}"
"""Of a decision that can still be appealed for weeks."""
ENOUGH = r"^end\b|finish"


@dataclass(frozen=True)
class Wish:
    """What a caller would choose, the dearest first: words of choices, or a key that is pressed whenever one may."""

    name: str
    choices: tuple[str, ...]
    promise: str
    """Words that say it is fulfilled."""

    def keys(self, heard: str, number: str, fulfilled: bool, random: Random) -> str | None:
        """What is pressed after hearing this; None for nothing."""
        chance = random.random()
        if chance < SILENT:
            return None
        if chance < SILENT + WRONG:
            return random.choice(ANY_KEY)
        return self._answer(heard, number, fulfilled, random)

    def _answer(self, heard: str, number: str, fulfilled: bool, random: Random) -> str | None:
        asked = list(_asked(heard, number))
        if asked:
            return asked[-1]
        offered = OFFERED.findall(heard)
        wanted = (ENOUGH, *self.choices) if fulfilled else self.choices
        for choice in wanted:
            found = [key for words, key in offered if re.search(choice, words)]
            if found or len(choice) == 1:
                return found[-1] if found else choice
        return random.choice(offered)[1] if offered else random.choice("0123*#")


def to_the_end(heard: str) -> str | None:
    """The key that ends the call, if one was named."""
    found = [key for words, key in OFFERED.findall(heard) if re.search(ENOUGH, words)]
    return found[-1] if found else None


def _asked(heard: str, number: str) -> Iterator[str]:
    """Dates and numbers that are asked for."""
    if re.search(r"eight keys|Key in the date|The date on the letter, please", heard):
        yield CERTIFICATE if "ertificate" in heard else LETTER
    if re.search(r"Key in (the|your|a) [a-z ]*(number|mobile)|number to ring, please|eleven keys", heard):
        yield "0" + number.removeprefix("+44")


YES = r"^yes$"
WISHES = (
    Wish("a text", (r"get the text", YES, r"\btext\b", r"health service|^health", r"next part"), "We will text you"),
    Wish(
        "a deadline",
        (r"council", r"last day to appeal|last day", YES, r"\btext\b", r"go on"),
        "Your last day to appeal",
    ),
    Wish("a person", ("0",), "nothing of ours says so"),
    Wish("a message", (r"pass it on", r"^begin$", r"leave a message", YES, "0"), "We have passed your message on"),
    Wish(
        "a call back", (r"rung back", r"ring you back", YES, r"morning|afternoon|any time", "0"), "You are on our list"
    ),
)
