"""Flows and prompts as they stand in their folder: what could be read, where it stands, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from re import fullmatch
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ivr.engine.call_flows import CallFlows
from ivr.engine.prompts import Language, Sentence, Words
from ivr.engine.step import Step, Target
from ivr.engine.validation import readable_errors
from ivr.engine.yaml import Plain, Source, read
from ivr.errors import Problem

SERVICE = "helpline"
TOPIC = "topic"
TAG = "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"
"""Of a language, as in BCP 47; it names a folder, so it must not lead out of ours."""
NOT_SAID = "@@"
"""What stands where documents have holes for a call's own memory (`telephony/twiml.py`)."""
TRANSLATED = "text"
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
    """All of a helpline's own files."""

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
        """A mistake in a step, at one of its fields."""
        file, name = self.named[at]
        return self.sources[file].problem(says, name, *path)

    def at_sentence(self, name: str, says: str) -> Problem:
        """A mistake in a sentence."""
        file, *path = self.written[name]
        return self.sources[file].problem(says, *path)

    def at_translation(self, translation: Translation, name: str, says: str) -> Problem:
        """A mistake in a sentence of another language."""
        file, *path = translation.written[name]
        return self.sources[file].problem(says, *path)

    def speaks(self, translation: Translation) -> None:
        """Say what has been translated in that language; the rest as it was."""
        self.language = translation.language
        self.sentences |= translation.sentences
        self.written |= translation.written

    def flows(self) -> CallFlows:
        """The helpline, ready for calls; only when nothing is wrong with the content."""
        words = Words(self.language, self.sentences)
        answer, person, lost, broken = (self.entries[name] for name in Entries.model_fields)
        return CallFlows(answer, person, lost, broken, self.steps, self.topics, words)


def read_content(folder: Path, kinds: Mapping[str, type[Step]], language: str | None = None) -> Content:
    """Everything under `flows/` and `prompts/` of a folder, with whatever is wrong in `problems`.

    The words are those of `language`, by its tag, as far as it is translated; of the first listed if none is named.
    """
    content = Content()
    _languages(content, folder)
    if not (folder / "flows" / f"{SERVICE}.yaml").exists():
        missing = "this file is missing; it says where a call begins"
        content.problems.append(Problem(f"flows/{SERVICE}.yaml", 1, missing))
    for path in sorted((folder / "flows").glob("*.yaml")):
        source = _open(content, folder, path)
        if path.stem == SERVICE:
            _entries(content, source)
        elif path.stem not in TABLES:
            _flow(content, source, path.stem, kinds)
    for path in sorted((folder / "prompts" / content.language.tag).glob("*.yaml")):
        _prompts(content, _open(content, folder, path), path.stem)
    for translation in content.translations:
        for path in sorted((folder / "prompts" / translation.language.tag).glob("*.yaml")):
            _translated(content, translation, _open(content, folder, path), path.stem)
        if translation.language.tag == language:
            content.speaks(translation)
    return content


def _open(content: Content, folder: Path, path: Path) -> Source:
    source = read(path, path.relative_to(folder).as_posix())
    content.sources[source.file] = source
    content.problems += source.problems
    return source


def _languages(content: Content, folder: Path) -> None:
    """The first language of the list is the one that is spoken; the others translate it."""
    path = folder / "prompts" / "languages.yaml"
    source = _open(content, folder, path) if path.exists() else Source("prompts/languages.yaml")
    if not source.content and not source.problems:
        content.problems.append(source.problem("there is no language here; the first one is the one we speak"))
    for place, (tag, entry) in enumerate(source.content.items()):
        if not fullmatch(TAG, tag):
            content.problems.append(source.problem("a language is named by its tag, such as en-GB or cy", tag))
            continue
        try:
            read_entry = LanguageEntry.model_validate(entry)
        except ValidationError as error:
            content.problems += readable_errors(error, source, tag)
            continue
        language = Language(tag, read_entry.name, read_entry.voice, read_entry.rate)
        if place == 0:
            content.language = language
        else:
            content.translations.append(Translation(language, read_entry.progress == "complete"))


def _entries(content: Content, source: Source) -> None:
    try:
        content.entries = dict(Entries.model_validate(source.content))
    except ValidationError as error:
        content.problems += readable_errors(error, source)


def _flow(content: Content, source: Source, flow: str, kinds: Mapping[str, type[Step]]) -> None:
    for name, entry in source.content.items():
        if name == TOPIC:
            content.topics[flow] = f"{flow}.{entry}.prompt"
            continue
        at = f"{flow}/{name}"
        content.named[at] = (source.file, name)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            content.problems.append(source.problem(_unknown_kind(name, kind, kinds), name, "kind"))
            continue
        try:
            content.steps[at] = kinds[kind].model_validate(entry, context={"flow": flow})
        except ValidationError as error:
            content.problems += readable_errors(error, source, name)


def _unknown_kind(name: str, kind: Plain | None, kinds: Mapping[str, type[Step]]) -> str:
    known = ", ".join(sorted(kinds))
    return f"“{name}” has no kind of step that we know ({kind or 'none given'}); the kinds are {known}"


def _prompts(content: Content, source: Source, flow: str) -> None:
    for path, text in _sentences(source.content):
        name = _full_name(flow, path)
        content.sentences[name] = Sentence(_lines(text))
        content.written[name] = (source.file, *path)
        if NOT_SAID in text:
            content.problems.append(source.problem(f"“{NOT_SAID}” is nothing that can be said", *path))
        if not text.strip():
            content.problems.append(source.problem("this sentence has no words", *path))
    _refuse_lists(content, source)


def _translated(content: Content, translation: Translation, source: Source, flow: str) -> None:
    """A translated sentence stands under `text`, beside the one it translates under the first language's tag."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for path, text in _sentences(source.content):
        found.setdefault(path[:-1], {})[path[-1]] = _lines(text)
    for path, entry in found.items():
        if not path or set(entry) != {content.language.tag, TRANSLATED}:
            says = f"a translation is written with the sentence it translates: {content.language.tag} and {TRANSLATED}"
            content.problems.append(source.problem(says, *path, *list(entry)[:1]))
            continue
        name = _full_name(flow, path)
        translation.sentences[name] = Sentence(entry[TRANSLATED])
        translation.originals[name] = entry[content.language.tag]
        translation.written[name] = (source.file, *path)
    _refuse_lists(content, source)


def _lines(text: str) -> str:
    """A sentence as one line, or a text in the lines that blank ones set apart where it is written."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _full_name(flow: str, path: tuple[str, ...]) -> str:
    name = f"{flow}.{'.'.join(path)}"
    return f"{name}.prompt" if len(path) == 1 and flow != SERVICE else name


def _refuse_lists(content: Content, source: Source) -> None:
    for name, entry in source.content.items():
        if isinstance(entry, list):
            content.problems.append(source.problem("a prompt is a sentence, not a list", name))


def _sentences(entries: Mapping[str, Plain], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, entry in entries.items():
        if isinstance(entry, str):
            yield (*before, name), entry
        elif isinstance(entry, dict):
            yield from _sentences(entry, (*before, name))
