"""Flows and prompts as they stand in their folder: what could be read, where it stands, and what is wrong."""

from dataclasses import dataclass, field
from re import fullmatch
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ivr.engine.call_flows import CallFlows
from ivr.engine.prompts import Language, Sentence, Words
from ivr.engine.step import Step, Target
from ivr.engine.yaml import Source
from ivr.errors import Problem

SERVICE = "helpline"
TOPIC = "topic"
TABLES = ("contacts", "hours", "rules")
"""Files in flows/ that hold facts, not steps."""


class Entries(BaseModel):
    """Where calls enter, from `flows/helpline.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Target
    person: Target
    lost: Target
    broken: Target


def _percentage(text: str) -> str:
    if not fullmatch("[1-9][0-9]{1,2}%", text):
        raise ValueError("write it as a percentage of the voice's own speed, such as 90%")
    return text


class LanguageEntry(BaseModel):
    """One language of `prompts/languages.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    voice: Annotated[str, Field(min_length=1)]
    rate: Annotated[str, AfterValidator(_percentage)]
    kept_by: str
    progress: Literal["complete", "in progress"] = "complete"


@dataclass
class Translation:
    """The sentences of another language, each with the one it translates; not spoken, but read for the checks."""

    language: Language
    is_complete: bool
    sentences: dict[str, Sentence] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    """What stood in the first language when it was translated."""
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Content:
    """All that the files of a helpline hold."""

    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Target] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Every step that a flow names, good or bad: the file and the name that its line is kept under."""
    topics: dict[str, str] = field(default_factory=dict)
    language: Language = field(default=Language("en-GB", "English", "", "100%"))
    sentences: dict[str, Sentence] = field(default_factory=dict)
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Where each sentence stands: the file, then the path in it."""
    translations: list[Translation] = field(default_factory=list)

    def at_step(self, at: str, says: str, *path: str) -> Problem:
        """Return a problem at a field of a step."""
        file, name = self.named[at]
        return self.sources[file].problem(says, name, *path)

    def at_sentence(self, name: str, says: str) -> Problem:
        """Return a problem at a sentence."""
        file, *path = self.written[name]
        return self.sources[file].problem(says, *path)

    def at_translation(self, translation: Translation, name: str, says: str) -> Problem:
        """Return a problem at a sentence of another language."""
        file, *path = translation.written[name]
        return self.sources[file].problem(says, *path)

    def flows(self) -> CallFlows:
        """Return the flows, ready for calls; only when the content has no problems."""
        first, *others = self.words()
        answer, person, lost, broken = (self.entries[name] for name in Entries.model_fields)
        by_wording = {(words.language.tag, ""): words for words in others}
        return CallFlows(answer, person, lost, broken, self.steps, self.topics, first, by_wording)

    def words(self) -> list[Words]:
        """Return the words of every language, the first one first; what is not translated is said in its words.

        So is a translation with other blanks than the sentence has (`translation_blanks` reports it).
        """
        return [Words(self.language, self.sentences), *map(self._translated, self.translations)]

    def _translated(self, translation: Translation) -> Words:
        translated = {
            name: said
            for name, said in translation.sentences.items()
            if name in self.sentences and said.blanks == self.sentences[name].blanks
        }
        return Words(translation.language, self.sentences | translated)
