"""The helpline in the browser: reloaded when its files change, one database for each session."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette

from ivr.app import fallback_document
from ivr.commands.browser_session import ADVISERS, BrowserSession, session_settings
from ivr.commands.in_process_worker import Now
from ivr.config import CONTENT
from ivr.engine.yaml import read as read_yaml
from ivr.errors import ContentError, Problem
from ivr.helpline.timezone import LONDON
from ivr.loader import Helpline, read
from ivr.simulator.browser.helpline_source import FlowStep, Person, SessionHelpline
from ivr.simulator.browser.pages import telephone
from ivr.simulator.scenarios.environment import PhoneNumber
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN


class Helplines:
    """The helpline of a content folder, in every language."""

    def __init__(self, folder: Path = CONTENT, clock: Now | None = None) -> None:
        self._folder, self._clock = folder, clock
        self._read: dict[str | None, Helpline] = {}
        self._print = self._fingerprint()
        self.complaints: Sequence[Problem] = ()
        self.edition = 0
        self._read[None] = read(folder)
        fallback = fallback_document(session_settings(folder, {}), self.now())
        self.number = PhoneNumber(PUBLIC_URL, TOKEN, fallback, f"{PUBLIC_URL}/voice/status")

    async def look(self) -> None:
        """Reload the folder if it has changed; on errors the last valid content stays in use."""
        if (print_ := self._fingerprint()) != self._print:
            self._print = print_
            try:
                fresh = await asyncio.to_thread(read, self._folder)
            except ContentError as mistakes:
                self.complaints = sorted(mistakes.problems, key=lambda one: "not YAML" not in one.says)
            else:
                self._read, self.complaints = {None: fresh}, ()
                self.edition += 1

    def languages(self) -> Mapping[str, str]:
        """Return the name of every language by its tag, the default one first."""
        listed = read_yaml(self._folder / "prompts/languages.yaml", "prompts/languages.yaml").content
        return {tag: str(entry.get("name", tag)) for tag, entry in listed.items() if isinstance(entry, dict)}

    def flows(self) -> Mapping[str, Sequence[FlowStep]]:
        """Return every step, by flow."""
        flows: dict[str, list[FlowStep]] = {}
        for at, step in self._read[None].flows.steps.items():
            exits = tuple((".".join(path), str(target)) for path, target in step.exits())
            flows.setdefault(at.partition("/")[0], []).append(FlowStep(at, step.kind, exits))
        return flows

    def people(self) -> Mapping[str, Person]:
        """Return who answers at which number; those whom some step rings come first."""
        helpline = self._read[None]
        rung = {step.rings() for step in helpline.flows.steps.values()}
        named = sorted(helpline.contacts.items(), key=lambda one: one[0] not in rung)
        others = {number: Person(contact.name, is_adviser=False) for _, contact in named for number in contact.dial}
        return others | {number: Person(_adviser(n), is_adviser=True) for n, number in enumerate(ADVISERS)}

    def opens(self, language: str | None) -> SessionHelpline:
        """Open one session."""
        spoken = self._in(language)
        return BrowserSession(self._folder, lambda: self.helpline(spoken)).opened()

    def now(self) -> datetime:
        """Return the default start of a session."""
        return (self._clock() if self._clock else datetime.now(LONDON)).astimezone(LONDON)

    def _in(self, language: str | None) -> str | None:
        """Return a language of the content other than the default, or None."""
        return language if language in list(self.languages())[1:] else None

    def helpline(self, language: str | None) -> Helpline:
        """Return the last valid helpline in a language."""
        if language not in self._read:
            self._read[language] = read(self._folder, language)
        return self._read[language]

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        """Return every file with its modification time and size."""
        files = sorted(path for part in ("flows", "prompts") for path in (self._folder / part).rglob("*.yaml"))
        stats = [(path, path.stat()) for path in files if path.exists()]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _adviser(place: int) -> str:
    return "Adviser" if place == 0 else f"Adviser {place + 1}"


def browser_telephone(folder: Path = CONTENT, clock: Now | None = None) -> Starlette:
    """Return the application at /phone, for a server on this machine."""
    scripts = folder / "tests" / "calls"
    return telephone(Helplines(folder, clock), scripts if scripts.is_dir() else None)
