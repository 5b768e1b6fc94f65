"""The sentences of the helpline under test, as the page changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ivr.errors import IvrError

Place = tuple[str, ...]
"""The file of a sentence, and the path in it."""


class ChangeRefused(IvrError):
    """A change of a sentence that cannot be; the page shows the message, and loses nothing that was typed."""


class ChangedMeanwhile(ChangeRefused):
    """A change of a file that somebody else has changed; `words` are what stands there now."""

    def __init__(self, says: str, words: str, version: str) -> None:
        super().__init__(says)
        self.words, self.version = words, version


@dataclass(frozen=True)
class SentenceFinding:
    """What the linter says of a change; `requires` is the rule, and what it `blocks` is not written."""

    says: str
    file: str
    line: int
    blocks: bool
    requires: str


@dataclass(frozen=True)
class SentenceMeasure:
    """What is measured of a sentence, and the most that it may be, if there is a limit."""

    what: str
    amount: float
    most: float | None


@dataclass(frozen=True)
class WrittenSentence:
    """A sentence as it stands in its file; `version` is that of the file, `blanks` are those that it may have."""

    file: str
    line: int
    words: str
    version: str
    blanks: Sequence[str]
    is_text: bool


@dataclass(frozen=True)
class CheckedSentence:
    """What a change brings: findings, causes first, and measures, unless a cause keeps them from being taken."""

    findings: Sequence[SentenceFinding]
    measures: Sequence[SentenceMeasure]


@dataclass(frozen=True)
class SavedSentence:
    """A sentence after a change, or after one was taken back."""

    place: Place
    line: int
    words: str
    version: str


class SentenceEditor(Protocol):
    """Changes sentences in their files. Its methods that wait raise ChangeRefused, for what is no sentence too."""

    def line(self, place: Place) -> int:
        """Return the line of a sentence in the files as they were last read."""

    def reload(self) -> None:
        """Read the lines of the files again, as they have changed."""

    async def open(self, place: Place) -> WrittenSentence:
        """Return a sentence as it stands in its file, if it may be changed."""

    async def check(self, place: Place, words: str) -> CheckedSentence:
        """Return what the linter says of other words."""

    async def save(self, place: Place, words: str, version: str) -> SavedSentence:
        """Write other words, if nothing that blocks them is found. Raises ChangedMeanwhile for another version."""

    async def undo(self) -> SavedSentence:
        """Take the last change back, byte for byte, while its file is as it was left."""
