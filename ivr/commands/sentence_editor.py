"""Changes the sentences of a content folder: each change is checked by the linter before it is written."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.commands.lint_context import measure_for, twiml_errors
from ivr.commands.sentence_files import SentenceFiles
from ivr.engine.content import TRANSLATED, Content
from ivr.engine.content_reader import read_content
from ivr.engine.yaml import parsed
from ivr.engine.yaml_writer import CannotWrite, replace_value, value_at
from ivr.errors import Problem
from ivr.lint.explore import explore
from ivr.lint.measures import measures_of
from ivr.lint.registry import LintContext, Rule
from ivr.lint.rules import RULES
from ivr.lint.run import Finding, findings, problems_in
from ivr.lint.sentences import texted, wanted
from ivr.simulator.browser.sentences import (
    ChangedMeanwhile,
    ChangeRefused,
    CheckedSentence,
    Place,
    SavedSentence,
    SentenceFinding,
    SentenceMeasure,
    WrittenSentence,
)
from ivr.steps import KINDS

NEVER_BLOCKS = ("stale_translation", "unfinished_translation")
"""A changed sentence makes its translations stale: whoever translates is told, and the words can be changed."""
NO_SENTENCE = "There is no such sentence: load the page again."


Stamp = tuple[tuple[str, int, int], ...]
"""The files of a folder, each with its modification time and size."""


@dataclass(frozen=True)
class Linted:
    """Content as the linter sees it, with what it measures."""

    content: Content
    context: LintContext
    findings: Sequence[Finding]

    def measures(self, place: Place) -> tuple[SentenceMeasure, ...]:
        """Return the measures of a sentence of the first language."""
        name = next((name for name, other in self.content.written.items() if other == place), None)
        measured = measures_of(self.content, self.context, name) if name else ()
        return tuple(SentenceMeasure(one.what, one.amount, one.most) for one in measured)


class ContentSentences:
    """The sentences of a content folder, by their places. The linter runs in a thread, one run at a time."""

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self._files, self._folder, self._today = SentenceFiles(folder), folder, today
        self._lock = asyncio.Lock()
        self._measure = cache(partial(measure_for, with_voice=True))  # which remembers what it has measured
        self._stamp, self._content = _stamp(folder), read_content(folder, KINDS)
        self._linted: Linted | None = None

    def line(self, place: Place) -> int:
        """Return the line of a sentence in the files as they were last read."""
        source = self._content.sources.get(place[0])
        return source.line(*place[1:]) if source else 1

    def reload(self) -> None:
        """Read the files again, if they have changed."""
        if (stamp := _stamp(self._folder)) != self._stamp:
            self._stamp, self._content, self._linted = stamp, read_content(self._folder, KINDS), None

    async def open(self, place: Place) -> WrittenSentence:
        """Return a sentence as it stands in its file, if it may be changed. Raises ChangeRefused."""
        return await asyncio.to_thread(self._open, place)

    async def check(self, place: Place, words: str) -> CheckedSentence:
        """Return what the linter says of other words. Raises ChangeRefused."""
        async with self._lock:
            return await asyncio.to_thread(self._check, place, words)

    async def save(self, place: Place, words: str, version: str) -> SavedSentence:
        """Write other words, if the linter finds nothing that blocks them. Raises ChangeRefused, ChangedMeanwhile."""
        async with self._lock:
            return await asyncio.to_thread(self._save, place, words, version)

    async def undo(self) -> SavedSentence:
        """Take the last change back, while its file is as it was left. Raises ChangeRefused."""
        async with self._lock:
            return await asyncio.to_thread(lambda: self._saved(self._files.undo()))

    def _open(self, place: Place) -> WrittenSentence:
        name = self._name(place)
        text, version = self._files.read(place[0])
        self._files.require_writable(place[0])
        blanks = sorted(next((one.blanks for one in wanted(self._content) if one.name == name), frozenset()))
        is_text = name in texted(self._content)
        return WrittenSentence(place[0], self.line(place), _words(text, place), version, blanks, is_text)

    def _check(self, place: Place, words: str) -> CheckedSentence:
        name, before = self._name(place), self._baseline()
        if _tidy(words) == _words(self._files.read(place[0])[0], place):
            return CheckedSentence((), before.measures(place))
        with self._changed(place, words) as folder:
            content = read_content(folder, KINDS)
        known = {(one.rule, one.file, one.about, one.says) for one in before.findings}
        # What would stop a start is the cause of whatever else there is.
        causes = [one for one in problems_in(content) if (one.rule, one.file, one.about, one.says) not in known]
        if causes:
            measures = Linted(content, LintContext(), ()).measures(place) if name in texted(content) else ()
            return CheckedSentence(tuple(_finding(one, RULES[one.rule], blocks=True) for one in causes), measures)
        after = self._lint(content)
        return CheckedSentence(tuple(_brought(before.findings, after.findings, name)), after.measures(place))

    def _save(self, place: Place, words: str, version: str) -> SavedSentence:
        text, current = self._files.read(place[0])
        if current != version:
            says = f"{place[0]} has been changed meanwhile. Nothing was written."
            raise ChangedMeanwhile(says, _words(text, place), current)
        if any(one.blocks for one in self._check(place, words).findings):
            raise ChangeRefused("The change is not written: mend first what is said about it.")
        self._files.write(place, version, lambda before: _with_words(before, place, words))
        return self._saved(place)

    def _saved(self, place: Place) -> SavedSentence:
        self.reload()
        text, version = self._files.read(place[0])
        return SavedSentence(place, self.line(place), _words(text, place), version)

    def _name(self, place: Place) -> str:
        """Return the full name of the sentence at a place of the content that is read. Raises ChangeRefused."""
        self.reload()
        found = next((name for name, other in _places(self._content) if other == place), None)
        if found is None:
            raise ChangeRefused(NO_SENTENCE)
        return found

    def _baseline(self) -> Linted:
        """Return the folder as it is on disk, linted once for each version of its files and each day."""
        if self._linted is None or self._linted.context.today != self._today():
            self._linted = self._lint(self._content)
        return self._linted

    def _lint(self, content: Content) -> Linted:
        context = LintContext(self._today(), self._measure(content.language.tag), twiml_errors, explore(content))
        return Linted(content, context, [one for one in findings(content, context) if not one.accepted])

    @contextmanager
    def _changed(self, place: Place, words: str) -> Iterator[Path]:
        """Yield a copy of the folder in which a sentence has other words."""
        with TemporaryDirectory(prefix="ivr-words-") as name:
            copy = Path(name)
            for path in _yaml_files(self._folder):
                target = copy / path.relative_to(self._folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            file = copy / place[0]
            file.write_bytes(_with_words(file.read_bytes().decode(), place, words).encode())
            yield copy


def _stamp(folder: Path) -> Stamp:
    stats = [(path, path.stat()) for path in _yaml_files(folder)]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(path for part in ("flows", "prompts") for path in (folder / part).rglob("*.yaml"))


def _places(content: Content) -> Iterator[tuple[str, Place]]:
    """Yield every sentence of the content by its name, with its place."""
    yield from content.written.items()
    for variant in content.audiences.values():
        yield from variant.written.items()
    for translation in content.translations:
        yield from ((name, (*place, TRANSLATED)) for name, place in translation.written.items())


def _words(text: str, place: Place) -> str:
    """Return a sentence as it is changed: what is one line for the reader is one line, whatever it is folded into."""
    found = value_at(parsed(text, place[0]).content, place[1:])
    if not isinstance(found, str):
        raise ChangeRefused(NO_SENTENCE)
    return _tidy(found)


def _tidy(words: str) -> str:
    return "\n".join(" ".join(line.split()) for line in words.splitlines() if line.strip())


def _with_words(text: str, place: Place, words: str) -> str:
    """Return the text of a file with other words; the line breaks of a block stay as they are."""
    before = value_at(parsed(text, place[0]).content, place[1:])
    before = before if isinstance(before, str) else ""
    breaks = before[len(before.rstrip("\n")) :]
    between = "\n\n" if "\n\n" in before.rstrip("\n") else "\n"
    try:
        return replace_value(text, place[1:], _tidy(words).replace("\n", between) + breaks)
    except CannotWrite:
        raise ChangeRefused(f"{place[0]} cannot be changed as it is: mend it in an editor first.") from None


def _brought(before: Iterable[Finding], after: Iterable[Finding], name: str) -> Iterator[SentenceFinding]:
    """Yield what a change brings: first what is about the prompt, then about its step, its flow, and the rest."""
    known = {_of(one) for one in before}
    said = {(*_of(one), one.says) for one in before}
    flow, step, *_ = name.split(".")
    about = (name, f"{flow}/{step}", flow)

    def nearness(one: Finding) -> tuple[bool, int, Finding]:
        near = next((place for place, part in enumerate(about) if one.about.startswith(part)), len(about))
        return one.rule in NEVER_BLOCKS, near, one

    for one in sorted((one for one in after if (*_of(one), one.says) not in said), key=nearness):
        blocks = one.severity == "error" and one.rule not in NEVER_BLOCKS and _of(one) not in known
        yield _finding(one, RULES[one.rule], blocks=blocks)


def _finding(one: Finding | Problem, rule: Rule, *, blocks: bool) -> SentenceFinding:
    return SentenceFinding(one.says, one.file, one.line, blocks, rule.requires)


def _of(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.file, finding.about
