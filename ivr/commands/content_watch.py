"""Watches a content folder that is being edited: takes what is good into use, and says what is wrong."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from ivr.commands.lint_context import measure_for, twiml_errors
from ivr.content_source import ContentSource
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.errors import ContentError, Problem
from ivr.lint.explore import explore
from ivr.lint.registry import LintContext
from ivr.lint.rules import RULES, files
from ivr.lint.run import findings
from ivr.simulator.browser.helpline_source import Mistake
from ivr.steps import KINDS

FIRST_CAUSES = (*(id for id, rule in RULES.items() if rule.check.__module__ == files.__name__), "missing_prompt")
"""Rules whose violation brings others about: what cannot be read, then what is missing."""


Key = tuple[str, str, str]


class ContentWatch:
    """Reloads the content when a file has changed; `look` is called often, and costs little when none has.

    `edition` goes up with every change that comes into use, `in_use` names the files of the latest. `mistakes` are
    those for which the files cannot be used, and what else the linter finds that it did not find when the watch began:
    causes first. The former are there when `look` returns, as `problems` too; the rest some seconds later, once there
    are no others: what follows from what cannot be used is no news. `stamp` changes with the files.
    """

    def __init__(self, folder: Path, content: ContentSource, today: Callable[[], date]) -> None:
        self._folder, self._content, self._today = folder, content, today
        self.stamp, self._at_first = self._file_stamp(), self._digests()
        self._in_use_now = self._at_first
        self._content_at_first = read_content(folder, KINDS)
        self._baseline: asyncio.Task[frozenset[Key]] | None = None
        self._linting: asyncio.Task[None] | None = None
        self._is_to_be_linted = False
        self._voice = cache(partial(measure_for, with_voice=True))  # which remembers what it has measured
        self.edition = 0
        self.in_use: Sequence[str] = ()
        self.mistakes: Sequence[Mistake] = ()
        self.problems: Sequence[Problem] = ()

    async def look(self) -> bool:
        """Read the files again if any has changed, and return whether; on errors the last valid ones stay in use."""
        if (stamp := self._file_stamp()) == self.stamp:
            return False
        self.stamp = stamp
        blocking = await asyncio.to_thread(self._reload)
        self._is_to_be_linted = not blocking and self._digests() != self._at_first
        still = [one for one in self.mistakes if not one.blocks] if self._is_to_be_linted else []
        self.mistakes = self._in_order([*blocking, *still])
        if self._is_to_be_linted and (self._linting is None or self._linting.done()):
            self._linting = asyncio.create_task(self._lint())
        return True

    def _reload(self) -> list[Mistake]:
        now = self._digests()
        try:
            if self._content.reload():
                self.edition += 1
                self.in_use, self._in_use_now = _differing(self._in_use_now, now), now
            self.problems = ()
        except ContentError as error:
            self.problems = error.problems
            return [Mistake(one.file, one.line, one.says, one.rule, blocks=True) for one in error.problems]
        return []

    async def _lint(self) -> None:
        """Lint until the files have not changed meanwhile: by words a minute first, then by the voice."""
        if self._baseline is None:
            self._baseline = asyncio.create_task(self._lint_as_at_first())
        stamp = None
        while self._is_to_be_linted and stamp != self.stamp:
            stamp = self.stamp
            for measure in (_by_words, self._voice):
                found = await asyncio.to_thread(self._findings, read_content(self._folder, KINDS), measure)
                known = await self._baseline
                if stamp != self.stamp:
                    break
                self.mistakes = self._in_order([one for one in found if one.blocks or _key(one) not in known])

    async def _lint_as_at_first(self) -> frozenset[Key]:
        found = await asyncio.to_thread(self._findings, self._content_at_first, _by_words)
        return frozenset(map(_key, found))

    def _findings(self, content: Content, measure: Callable[[str], Measure]) -> list[Mistake]:
        context = LintContext(self._today(), measure(content.language.tag), twiml_errors, explore(content))
        return [
            Mistake(one.file, one.line, one.says, one.rule, blocks=RULES[one.rule].stage == "start")
            for one in findings(content, context)
            if not one.accepted
        ]

    def _in_order(self, mistakes: Sequence[Mistake]) -> list[Mistake]:
        """Return mistakes with what follows from others behind it: what stands in a changed file is the cause."""
        changed = _differing(self._at_first, self._digests())

        def place(one: Mistake) -> tuple[bool, bool, int, str, int]:
            cause = FIRST_CAUSES.index(one.rule) if one.rule in FIRST_CAUSES else len(FIRST_CAUSES)
            return not one.blocks, one.file not in changed, cause, one.file, one.line

        return sorted(mistakes, key=place)

    def _files(self) -> Iterator[Path]:
        return (path for part in ("flows", "prompts") for path in (self._folder / part).rglob("*.yaml"))

    def _file_stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return every file with its modification time and size."""
        stats = [(path, path.stat()) for path in sorted(self._files()) if path.exists()]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)

    def _digests(self) -> Mapping[str, bytes]:
        """Return a digest of every file, by its name."""
        return {
            path.relative_to(self._folder).as_posix(): sha256(path.read_bytes()).digest()
            for path in self._files()
            if path.exists()
        }


def _differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _by_words(language: str) -> Measure:
    return words_at_150_wpm


def _key(mistake: Mistake) -> Key:
    """Return what stays the same of a mistake when lines above it are changed."""
    return mistake.rule, mistake.file, mistake.says
