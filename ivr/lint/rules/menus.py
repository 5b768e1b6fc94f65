"""Rules about menus: their keys, how keys are said, and how long a menu lasts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.prompts import BLANK
from ivr.engine.question import AGAIN, BACK, PERSON
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.lint.limits import MENU, MOST_CHOICES
from ivr.lint.registry import LintContext, rule
from ivr.lint.routes import longest_seconds
from ivr.lint.sentences import spoken, spoken_sentences

CHOICES = "choices"
SERVICE_KEYS = {PERSON: "a person", AGAIN: "to hear it again", BACK: "to go back"}
PRESS_A_DIGIT = re.compile(
    r"\bpress (?:the )?(?:key )?([1-9]|(?:one|two|three|four|five|six|seven|eight|nine)(?=[.,;:!?]|$| for\b| to\b))",
    re.IGNORECASE,
)
PRESS = re.compile(r"\bpress\b", re.IGNORECASE)
THING_FIRST = re.compile(r"^(?:for|to|if|when|or)\b.+,\s*press (?:\{[a-z_]+\}|(?:0|star|hash)\b)", re.IGNORECASE)
PRESS_A_SERVICE_KEY = re.compile(r"\bpress (0|star|hash)\b", re.IGNORECASE)
MEANINGS = {
    "0": r"\b(?:person|people|talk|speak|us|adviser|somebody|someone|help|ask)\b",
    "star": r"\b(?:again|repeat\w*|once more)\b",
    "hash": r"\b(?:back|before|finished|end)\b",
}


@dataclass(frozen=True)
class WrittenMenu:
    """The keys of one menu, in the order in which they stand in its file."""

    source: Source
    name: str
    keys: tuple[str, ...]

    def problem(self, says: str, *key: str) -> Problem:
        """Return a problem at the menu's choices, or at one of them."""
        return self.source.problem(says, self.name, CHOICES, *key)


def menus_in(content: Content) -> Iterator[WrittenMenu]:
    """Yield a menu for each entry of a flow that has choices."""
    for file, name in content.named.values():
        entry = content.sources[file].content[name]
        choices = entry.get(CHOICES) if isinstance(entry, dict) else None
        if isinstance(choices, dict):
            yield WrittenMenu(content.sources[file], name, tuple(choices))


def expected_keys(keys: Sequence[str]) -> list[str]:
    """Return the keys in order, one for each of those given; keys of the service are left as they are.

    >>> expected_keys(["1", "3", "0", "4"])
    ['1', '2', '0', '3']
    """
    ours = iter(range(1, len(keys) + 1))
    return [key if key in SERVICE_KEYS else str(next(ours)) for key in keys]


@rule(
    "keys_out_of_order",
    "start",
    "The keys of a menu go 1, 2, 3 in order, without gaps: whoever has heard two choices knows what the third will be.",
)
def keys_out_of_order(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report the first key of a menu that is not the next one; `ivr check --fix` numbers them anew."""
    for menu in menus_in(content):
        for key, expected in zip(menu.keys, expected_keys(menu.keys), strict=True):
            if key != expected:
                yield menu.problem(f"keys go 1, 2, 3 in order, without gaps: this one should be {expected}", key)
                break


@rule("reserved_key", "start", "0, star and hash mean the same everywhere, so no menu gives them another meaning.")
def reserved_key(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a choice under a key of the service: it would never be taken."""
    for menu in menus_in(content):
        for key in menu.keys:
            if key in SERVICE_KEYS:
                yield menu.problem(f"{key} belongs to the service: it is {SERVICE_KEYS[key]}, everywhere", key)


@rule("too_many_choices", "start", "No menu has more choices than a caller can keep in mind.")
def too_many_choices(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a menu of more than five."""
    for menu in menus_in(content):
        if (count := len(menu.keys)) > MOST_CHOICES:
            yield menu.problem(f"this menu has {count} choices, and {MOST_CHOICES} are the most: split it in two")


@rule("long_menu", "release", "No menu lasts longer than twenty seconds, however it is come to.")
def long_menu(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a menu of more, at the first try or at a later one; in whichever language it is longest."""
    for at, seconds in longest_seconds(content, context).items():
        if seconds > MENU and isinstance(content.steps[at], ChoiceQuestion):
            yield content.at_step(at, f"the menu {at} lasts {seconds:.0f} seconds, and {MENU:.0f} are the most")


@rule(
    "literal_key",
    "release",
    "A key is never written as a digit: the program fills it in, so that words and keys cannot disagree.",
)
def literal_key(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report “Press 2” where {key} should stand; 0, star and hash are the same everywhere and may be named."""
    for name, text in spoken(content).items():
        for digit in PRESS_A_DIGIT.findall(text):
            yield content.at_sentence(name, f"“press {digit}”: write {{key}}, and the program says the key that it is")


@rule(
    "key_before_thing",
    "release",
    "The thing comes before its key: “For school, press 2”; whoever hears the key first must remember it.",
)
def key_before_thing(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that names a key of a choice and is not “For …, press {key}”, “To …” or “If …”."""
    for name, sentence in spoken_sentences(content):
        if PRESS.search(sentence) and BLANK.search(sentence) and not THING_FIRST.search(sentence):
            says = f"“{sentence}” should say the thing before its key: For …, press {{key}}."
            yield content.at_sentence(name, says)


@rule("key_with_another_meaning", "release", "0, star and hash are said to do what they do.")
def key_with_another_meaning(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that names one of them for what another one does."""
    for name, sentence in spoken_sentences(content):
        keys = {key.lower() for key in PRESS_A_SERVICE_KEY.findall(sentence)}
        meant = {key for key, words in MEANINGS.items() if re.search(words, sentence, re.IGNORECASE)}
        if len(keys) == 1 and meant and not keys & meant:
            (key,), other = keys, sorted(meant)[0]
            yield content.at_sentence(name, f"“{sentence}” names {key}, and that is what {other} does")
