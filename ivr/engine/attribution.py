"""Words that know which sentence of which file they were made of, for whoever changes sentences while hearing them.

Calls in production are answered with words that know nothing of the sort.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ivr.engine.content import TRANSLATED, Content
from ivr.engine.prompts import Sentence
from ivr.engine.verbs import Speech

Place = tuple[str, ...]
"""The file of a sentence, and the path in it."""


@dataclass(frozen=True, eq=False)
class Origin:
    """One use of a sentence: its place, its text as written, and what filled its blanks."""

    place: Place
    written: str
    values: Mapping[str, str | Speech]


class Attributed(str):
    """Words with their origin. What is made of them otherwise than by filling a sentence has none."""

    origin: Origin

    def __new__(cls, words: str, origin: Origin) -> "Attributed":
        """Return words of that origin."""
        made = super().__new__(cls, words)
        made.origin = origin
        return made


Record = Callable[[Attributed], None]


@dataclass(frozen=True)
class AttributedSentence(Sentence):
    """A sentence at its place. What is made of it as a whole text, not as speech, is recorded."""

    place: Place = ()
    record: Record = lambda words: None

    def fill(self, **values: str | Speech) -> Speech:
        origin = Origin(self.place, self.text, values)
        return tuple(Attributed(part, origin) if isinstance(part, str) else part for part in super().fill(**values))

    def attribute(self, words: str, values: Mapping[str, str | Speech]) -> str:
        attributed = Attributed(words, Origin(self.place, self.text, values))
        self.record(attributed)
        return attributed


def attributed(content: Content, record: Record) -> Content:
    """Return the content with sentences that remember their places."""

    def sentences(known: Mapping[str, Sentence], written: Mapping[str, Place], *below: str) -> dict[str, Sentence]:
        return {name: _at(one.text, (*written[name], *below), record) for name, one in known.items()}

    return replace(
        content,
        sentences=sentences(content.sentences, content.written),
        audiences={
            name: replace(one, sentences=sentences(one.sentences, one.written))
            for name, one in content.audiences.items()
        },
        translations=[
            replace(one, sentences=sentences(one.sentences, one.written, TRANSLATED)) for one in content.translations
        ],
    )


def _at(text: str, place: Place, record: Record) -> Sentence:
    """Return a sentence whose text as written is attributed too, where it fills another one's blank."""
    return AttributedSentence(Attributed(text, Origin(place, text, {})), place, record)


def stretches(speech: Speech) -> Iterator[tuple[Origin | None, str]]:
    """Yield the words of each sentence in turn, with their origin; None for words that stand in no file."""
    words = [part for part in speech if isinstance(part, str)]
    for origin, parts in groupby(words, lambda part: part.origin if isinstance(part, Attributed) else None):
        yield origin, _joined([*parts])


def _joined(parts: Sequence[str]) -> str:
    return " ".join(" ".join(parts).split())
