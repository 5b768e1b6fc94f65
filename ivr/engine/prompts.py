"""What is said: whole sentences with named blanks, per language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ivr.engine.verbs import Pause, Say, Speech
from ivr.errors import MissingPrompt

BLANK = re.compile(r"\{([a-z_]+)\}")
BEFORE_A_KEY = Pause(300)
BETWEEN_SENTENCES = Pause(500)


class Key(str):
    """A key to press: the words that name it are set off by a short pause, for ears that need it."""

    __slots__ = ()


@dataclass(frozen=True)
class Sentence:
    """One prompt: whole sentences in which a name in braces is a blank.

    >>> Sentence("For school, press {key}.").fill(key=Key("2"))
    ('For school,', Pause(milliseconds=300), 'press 2.')
    """

    text: str

    @cached_property
    def _parts(self) -> list[str]:
        return BLANK.split(self.text)  # words, blank, words, blank, … words

    @property
    def blanks(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(self._parts[1::2])

    def fill(self, **values: str | Speech) -> Speech:
        """Return the sentence with its blanks filled; raises MissingPrompt if one is left empty."""
        speech: list[str | Pause] = []
        for position, part in enumerate(self._parts):
            if position % 2 == 0:
                speech.append(part)
            elif part not in values:
                raise MissingPrompt(f"nothing fills {{{part}}} in “{self.text}”")
            else:
                _put(speech, values[part])
        return _joined(speech)

    def phrase(self, **values: str) -> str:
        """Return the sentence with its blanks filled, to stand in another one; raises as `fill` does.

        >>> Sentence("half past {hour}").phrase(hour="nine")
        'half past nine'
        """
        return self.attribute("".join(part for part in self.fill(**values) if isinstance(part, str)), values)

    def attribute(self, words: str, values: Mapping[str, str | Speech]) -> str:
        """Return words that were made of this sentence, with what filled its blanks; here, nothing remembers it."""
        return words


def _put(speech: list[str | Pause], value: str | Speech) -> None:
    if isinstance(value, Key) and isinstance(words := speech[-1], str) and ", " in words:
        before, _, after = words.rpartition(", ")
        speech[-1:] = [before + ",", BEFORE_A_KEY, after]
    speech.extend((value,) if isinstance(value, str) else value)


def _joined(speech: list[str | Pause]) -> Speech:
    """Neighbouring words as one text, so that a voice reads them in one breath."""
    joined: list[str | Pause] = []
    for part in speech:
        if isinstance(part, str) and joined and isinstance(last := joined[-1], str):
            joined[-1] = last + part
        elif part != "":
            joined.append(str(part) if isinstance(part, str) else part)
    return tuple(joined)


@dataclass(frozen=True)
class Language:
    """How one language sounds: its tag (en-GB), the provider's voice, and its speed as a percentage."""

    tag: str
    name: str
    voice: str
    rate: str


Wording = tuple[str, str]
"""The language (its tag) and the audience of a call, as its state has them; "" for those that calls begin with."""


@dataclass(frozen=True, eq=False)
class Words:
    """All sentences of one language, by name: `school.menu.letter`, `helpline.silence`. Equal only to itself."""

    language: Language
    sentences: Mapping[str, Sentence]

    def __contains__(self, name: str) -> bool:
        return name in self.sentences

    def speech(self, name: str, /, **values: str | Speech) -> Speech:
        """Return a sentence with its blanks filled; raises MissingPrompt if there is none of that name."""
        if name not in self.sentences:
            raise MissingPrompt(f"there is no sentence {name}")
        return self.sentences[name].fill(**values)

    def text(self, name: str) -> str:
        """Return a sentence as written, with its blanks."""
        return self.sentences[name].text

    def phrase(self, name: str, /, **values: str) -> str:
        """Return a sentence with its blanks filled, to stand in another one or in a text."""
        return self.sentences[name].phrase(**values)

    def say(self, *speeches: Speech) -> Say:
        """Return several sentences as one `Say`, with a pause between them."""
        said: list[str | Pause] = []
        for speech in filter(None, speeches):
            said += (BETWEEN_SENTENCES, *speech) if said else speech
        return Say(tuple(said), self.language.tag)
