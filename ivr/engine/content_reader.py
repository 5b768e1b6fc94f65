"""Reads the flows and prompts of a folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from re import fullmatch

from pydantic import ValidationError

from ivr.engine.content import SERVICE, TABLES, TOPIC, Content, Entries, LanguageEntry, Translation
from ivr.engine.prompts import Language, Sentence
from ivr.engine.step import Step
from ivr.engine.validation import readable_errors
from ivr.engine.yaml import Plain, Source, read
from ivr.errors import Problem

TAG = "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"
"""Of a language, as in BCP 47; it names a folder, so it must not lead out of ours."""
NOT_SAID = "@@"
"""What stands where documents have holes for a call's state token (`telephony/twiml.py`)."""
TRANSLATED = "text"


def read_content(folder: Path, kinds: Mapping[str, type[Step]]) -> Content:
    """Return all of `flows/` and `prompts/` of a folder, with what is wrong in `problems`."""
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
    content.problems += _former_names(content)
    return content


def _former_names(content: Content) -> Iterator[Problem]:
    """Report a former name that a step still has, or that two steps claim."""
    claimed: dict[str, str] = {}
    for at, step in content.steps.items():
        for place, former in enumerate(step.formerly):
            if former in content.named:
                yield content.at_step(
                    at, f"{former} is a step still, so {at} was not “formerly” it", "formerly", str(place)
                )
            elif claimed.setdefault(former, at) != at:
                says = f"{claimed[former]} was “formerly” {former} already; a call there cannot go on at two steps"
                yield content.at_step(at, says, "formerly", str(place))


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
    """Return a sentence as one line, or a text in the lines that blank ones set apart where it is written."""
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
