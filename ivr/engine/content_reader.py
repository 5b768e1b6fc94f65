"""Reads the flows and prompts of a folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from re import fullmatch

from pydantic import ValidationError

from ivr.engine.content import (
    AUDIENCES,
    PARENT,
    PROMPT,
    SERVICE,
    TABLES,
    TOPIC,
    TRANSLATED,
    Content,
    Entries,
    LanguageEntry,
    Translation,
    Variant,
)
from ivr.engine.prompts import Language, Sentence
from ivr.engine.step import Step, Target
from ivr.engine.validation import WRONG, readable_errors, suggestion
from ivr.engine.yaml import SYNTAX, Plain, Source, read, words_of
from ivr.errors import Problem

TAG = "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"
"""Of a language, as in BCP 47; it names a folder, so it must not lead out of ours."""
NOT_SAID = "@@"
"""What stands where documents have holes for a call's state token (`telephony/twiml.py`)."""
ONE_ENTRY = (SERVICE, "hours")
"""Files in flows/ that are one entry as a whole."""
NO_FILE = "missing_file"


def read_content(folder: Path, kinds: Mapping[str, type[Step]]) -> Content:
    """Return all of `flows/` and `prompts/` of a folder, with what is wrong in `problems`."""
    content = Content()
    _languages(content, folder)
    if not (folder / "flows" / f"{SERVICE}.yaml").exists():
        missing = "this file is missing; it says where a call begins"
        content.problems.append(Problem(f"flows/{SERVICE}.yaml", 1, missing, NO_FILE))
    for path in sorted((folder / "flows").glob("*.yaml")):
        source = _open(content, folder, path)
        if path.stem not in ONE_ENTRY:
            _return_fields(content, source, kinds)
        if path.stem == SERVICE:
            _entries(content, source)
        elif path.stem not in TABLES:
            _flow(content, source, path.stem, kinds)
    for path in sorted((folder / "prompts" / content.language.tag).glob("*.yaml")):
        _prompts(content, _open(content, folder, path), path.stem)
    for translation in content.translations:
        for path in sorted((folder / "prompts" / translation.language.tag).glob("*.yaml")):
            _translated(content, translation, _open(content, folder, path), path.stem)
    return content


def _open(content: Content, folder: Path, path: Path) -> Source:
    name = path.relative_to(folder).as_posix()
    source = read(path, name)
    if source.is_odd:
        from ivr.engine.yaml_slips import read_mended  # which most files never need

        source = read_mended(path, name)
    content.sources[source.file] = source
    content.problems += source.problems
    return source


def _languages(content: Content, folder: Path) -> None:
    """The first language of the list is the one that is spoken; the others translate it."""
    path = folder / "prompts" / "languages.yaml"
    source = _open(content, folder, path) if path.exists() else Source("prompts/languages.yaml")
    _return_fields(content, source, {})
    if not source.content and not source.problems:
        says = "there is no language here; the first one is the one we speak"
        content.problems.append(source.problem(says, rule=NO_FILE))
    for place, (tag, entry) in enumerate(source.content.items()):
        if not fullmatch(TAG, tag):
            says = "a language is named by its tag, such as en-GB or cy"
            content.problems.append(source.problem(says, tag, rule=WRONG))
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
        known = {name: entry for name, entry in source.content.items() if name in Entries.model_fields}
        content.entries = {name: Target(entry) for name, entry in known.items() if isinstance(entry, str)}


def _flow(content: Content, source: Source, flow: str, kinds: Mapping[str, type[Step]]) -> None:
    for name, entry in source.content.items():
        if name == TOPIC:
            content.topics[flow] = f"{flow}.{entry}.{PROMPT}"
            continue
        at = f"{flow}/{name}"
        content.named[at] = (source.file, name)
        try:
            content.steps[at] = kinds[_kind(entry)].model_validate(entry, context={"flow": flow})
        except KeyError:
            content.problems.append(_unknown_kind(source, name, entry, kinds))
        except ValidationError as error:
            content.problems += readable_errors(error, source, name)
        if at not in content.steps:
            source.unread |= words_of({name: entry})


def _kind(entry: Plain) -> str:
    kind = entry.get("kind") if isinstance(entry, dict) else None
    return kind if isinstance(kind, str) else ""


def _unknown_kind(source: Source, name: str, entry: Plain, kinds: Mapping[str, type[Step]]) -> Problem:
    kind = _kind(entry)
    known = suggestion(kind, kinds) or "; docs/steps.md lists the kinds"
    says = f"“{name}” has no kind of step that we know ({kind or 'none given'}){known}"
    return source.problem(says, name, "kind", rule="unknown_kind")


def _return_fields(content: Content, source: Source, kinds: Mapping[str, type[Step]]) -> None:
    """Give back to its entry, and report, a field that stands at the left margin, where only entries are named."""
    above = ""
    for name, entry in tuple(source.content.items()):
        if above and name != TOPIC and _is_field(name, entry, source.content[above], kinds):
            says = f"“{name}” stands too far left, where only whole entries are named: begin this line with 2 spaces"
            content.problems.append(source.problem(says, name, rule=SYNTAX))
            fields = source.content[above]
            source.content[above] = {**(fields if isinstance(fields, dict) else {}), name: source.content.pop(name)}
            source.lines |= {(above, *path): line for path, line in source.lines.items() if path[0] == name}
        else:
            above = name


def _is_field(name: str, entry: Plain, above: Plain, kinds: Mapping[str, type[Step]]) -> bool:
    """Return whether something can only be a field of what stands above it."""
    if above == "":
        return name == "kind"
    if not isinstance(above, dict) or name in above:
        return False
    if kind := kinds.get(_kind(above)):
        return name in kind.model_fields and not _kind(entry)
    return isinstance(entry, str) and entry != ""


def _prompts(content: Content, source: Source, flow: str) -> None:
    for path, text in _sentences(content, source, source.content):
        *of, audience = path if len(path) > 1 and path[-1] in AUDIENCES else (*path, PARENT)
        variant = content if audience == PARENT else content.audiences.setdefault(audience, Variant())
        name = _full_name(flow, tuple(of))
        variant.sentences[name] = Sentence(text)
        variant.written[name] = (source.file, *path)


def _translated(content: Content, translation: Translation, source: Source, flow: str) -> None:
    """A translated sentence stands under `text`, beside the one it translates under the first language's tag."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for path, text in _sentences(content, source, source.content):
        found.setdefault(path[:-1], {})[path[-1]] = text
    for path, entry in found.items():
        if not path or set(entry) != {content.language.tag, TRANSLATED}:
            says = f"a translation is written with the sentence it translates: {content.language.tag} and {TRANSLATED}"
            problem = source.problem(says, *path, *list(entry)[:1], rule="unpaired_translation")
            content.problems.append(problem)
            source.unread |= {*path}
            continue
        name = _full_name(flow, path)
        translation.sentences[name] = Sentence(entry[TRANSLATED])
        translation.originals[name] = entry[content.language.tag]
        translation.written[name] = (source.file, *path)


def _lines(text: str) -> str:
    """Return a sentence as one line, or a text in the lines that blank ones set apart where it is written."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _full_name(flow: str, path: tuple[str, ...]) -> str:
    name = f"{flow}.{'.'.join(path)}"
    return f"{name}.{PROMPT}" if len(path) == 1 and flow != SERVICE else name


def _sentences(content: Content, source: Source, entry: Plain, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every sentence with its path; report what is none."""
    if isinstance(entry, dict):
        for name, inner in entry.items():
            yield from _sentences(content, source, inner, *path, name)
    elif says := _not_sayable(entry):
        content.problems.append(source.problem(says, *path, rule="invalid_prompt"))
        source.unread |= {*path}
    else:
        yield path, _lines(str(entry))


def _not_sayable(entry: Plain) -> str:
    if not isinstance(entry, str):
        return "a prompt is a sentence, not a list"
    if NOT_SAID in entry:
        return f"“{NOT_SAID}” is nothing that can be said"
    return "" if entry.strip() else "this sentence has no words"
