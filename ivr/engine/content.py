"""Flows and prompts as they stand in their folder: what could be read, where it stands, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from re import fullmatch
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ivr.engine.prompts import Language, Sentence, Wording, Words
from ivr.engine.step import Step, Target
from ivr.engine.yaml import ANY, Source, values_in
from ivr.errors import Problem

SERVICE = "helpline"
TOPIC = "topic"
PARENT, YOUNG_PERSON = AUDIENCES = ("parent", "young_person")
"""Who may be spoken to: a sentence that each hears otherwise is written once under each of these names."""
PROMPT = "prompt"
"""The name of a step's only sentence."""
TRANSLATED = "text"
"""The name of a translated sentence, beside the one it translates under the tag of the first language."""
TABLES = ("accepted", "contacts", "hours", "rules")
"""Files in flows/ that hold no steps: facts, and which findings of the linter were accepted."""


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
class Variant:
    """The sentences that are written for one audience, beside those for a parent."""

    sentences: dict[str, Sentence] = field(default_factory=dict)
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
    audiences: dict[str, Variant] = field(default_factory=dict)
    """What is said otherwise to somebody else than a parent, by audience."""
    audience: str = PARENT
    """Who hears these sentences."""

    def at_step(self, at: str, says: str, *path: str) -> Problem:
        """Return a problem at a field of a step."""
        file, name = self.named[at]
        return self.sources[file].problem(says, name, *path)

    def at_value(self, at: str, says: str, value: str) -> Problem:
        """Return a problem at the field of a step in which a text stands, in a list or a choice too."""
        file, name = self.named[at]
        paths = (path for path, text in values_in(self.sources[file].content[name]) if text == value)
        return self.at_step(at, says, *next(paths, ()))

    def at_sentence(self, name: str, says: str) -> Problem:
        """Return a problem at a sentence."""
        file, *path = self.written[name]
        return replace(self.sources[file].problem(says, *path), about=name)

    def at_translation(self, translation: Translation, name: str, says: str) -> Problem:
        """Return a problem at a sentence of another language."""
        file, *path = translation.written[name]
        return replace(self.sources[file].problem(says, *path), about=f"{translation.language.tag}/{name}")

    def may_hold(self, place: str, *names: str) -> bool:
        """Return whether something that could not be read, in a file or a folder, may hold what has these names."""
        other = "/".join((*names[:-1], ANY))
        unread = (source.unread for file, source in self.sources.items() if file.startswith(place))
        return any(other in words or (words and words.issuperset(names)) for words in unread)

    def has_unread_steps(self) -> bool:
        """Return whether some step could not be read as it was meant."""
        tables = [f"flows/{name}.yaml" for name in (SERVICE, *TABLES)]
        flows = (source for file, source in self.sources.items() if file.startswith("flows/") and file not in tables)
        return any(source.unread for source in flows)

    def lacks_step(self, at: str) -> bool:
        """Return whether there is certainly no such step, good or bad."""
        flow, _, name = at.partition("/")
        return at not in self.named and not self.may_hold(f"flows/{flow}.yaml", name)

    def lacks_sentence(self, name: str, translation: Translation | None = None) -> bool:
        """Return whether there is certainly no such sentence in the first language or in another, good or bad."""
        spoken = translation or self
        flow, *path = name.split(".")
        file, short = f"prompts/{spoken.language.tag}/{flow}.yaml", [part for part in path if part != PROMPT]
        return name not in spoken.sentences and not (self.may_hold(file, *path) or self.may_hold(file, *short))

    def addressed(self) -> Iterator["Content"]:
        """Yield the content as a parent hears it, and as each other audience does."""
        yield self
        for audience, variant in self.audiences.items():
            sentences, written = self.sentences | variant.sentences, self.written | variant.written
            yield replace(self, sentences=sentences, written=written, audiences={}, audience=audience)

    def wordings(self) -> dict[Wording, Words]:
        """Return the words of every language and audience, those that calls begin with first.

        What is not translated, or not written for an audience, is said as in the first language, or to a parent. So is
        a translation with other blanks (`translation_blanks` reports it).
        """
        first = {"": self.sentences} | {
            name: self.sentences | variant.sentences for name, variant in self.audiences.items()
        }
        wordings = {("", audience): Words(self.language, sentences) for audience, sentences in first.items()}
        for one in self.translations:
            words = Words(one.language, self.sentences | self._fitting(one.sentences))
            wordings |= dict.fromkeys(((one.language.tag, audience) for audience in first), words)
        return wordings

    def _fitting(self, others: Mapping[str, Sentence]) -> dict[str, Sentence]:
        """Return those sentences that fill the same blanks as the ones they stand for."""
        known = self.sentences
        return {name: one for name, one in others.items() if name in known and one.blanks == known[name].blanks}
