"""Which prompts the words of a session come from: noted when a turn is rendered and when a text is written."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from ivr.engine.attribution import Attributed, Origin, attributed, stretches
from ivr.engine.verbs import Pause, Speech, Turn
from ivr.helpline.gsm7 import smart
from ivr.loader import Helpline, read
from ivr.simulator.twiml.prompts import Blank, SpokenPrompt
from ivr.telephony.twiml import said_in

Known = TypeVar("Known")
MOST = 2000
"""How many documents, and texts, are remembered. A document is asked for when it arrives, a text while it is shown."""


class SpokenPrompts:
    """The prompts of the documents and texts of the last while."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, tuple[tuple[SpokenPrompt, ...], ...]] = OrderedDict()
        self._texts: OrderedDict[str, SpokenPrompt] = OrderedDict()

    def read(self, folder: Path) -> Helpline:
        """Return the helpline of a folder, whose words remember their places. Raises ContentError."""
        return read(folder, lambda content: attributed(content, self.note_text))

    def note_document(self, turn: Turn, document: bytes) -> None:
        """Remember the prompts of a document."""
        _put(self._documents, document.decode(), tuple(map(_prompts, said_in(turn))))

    def note_text(self, words: Attributed) -> None:
        """Remember the prompt of words that may be a whole text."""
        _put(self._texts, smart(words), _spoken(words, words.origin))

    def in_document(self, document: str) -> tuple[tuple[SpokenPrompt, ...], ...]:
        """Return the prompts of each Say of a document; nothing for one that is not known."""
        return self._documents.get(document, ())

    def of_text(self, body: str) -> SpokenPrompt | None:
        """Return the prompt of a text; None for one that staff or the company have written."""
        return self._texts.get(body)


def _put(known: OrderedDict[str, Known], name: str, value: Known) -> None:
    known[name] = value
    known.move_to_end(name)
    while len(known) > MOST:
        known.popitem(last=False)


def _prompts(speech: Speech) -> tuple[SpokenPrompt, ...]:
    return tuple(_spoken(words, origin) for origin, words in stretches(speech))


def _spoken(words: str, origin: Origin | None) -> SpokenPrompt:
    if origin is None:
        return SpokenPrompt(words)
    return SpokenPrompt(words, origin.place, str(origin.written), tuple(_blanks(origin.values)))


def _blanks(values: Mapping[str, str | Speech]) -> Iterator[Blank]:
    for name, value in values.items():
        words = value if isinstance(value, str) else " ".join(part for part in value if not isinstance(part, Pause))
        yield Blank(name, str(words), value.origin.place if isinstance(value, Attributed) else ())
