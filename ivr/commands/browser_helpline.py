"""The helpline in the browser: its content is reloaded when files change, each session has its own database."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette

from ivr.commands.browser_session import ADVISERS, BrowserSession, session_settings
from ivr.commands.in_process_worker import Now
from ivr.config import CONTENT
from ivr.content_source import ContentSource
from ivr.engine.yaml import SYNTAX
from ivr.errors import ContentError, Problem
from ivr.fallback_document import fallback_document
from ivr.helpline.timezone import LONDON
from ivr.simulator.browser.helpline_source import FlowStep, Person, SessionHelpline
from ivr.simulator.browser.pages import telephone
from ivr.simulator.scenarios.environment import PhoneNumber
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN


class Helplines:
    """The helpline of a content folder, in every language."""

    def __init__(self, folder: Path = CONTENT, clock: Now | None = None) -> None:
        self._folder, self._clock = folder, clock
        self._print = self._fingerprint()
        self._content = ContentSource(folder)
        self.complaints: Sequence[Problem] = ()
        self.edition = 0
        fallback = fallback_document(session_settings(folder, {}), self.now())
        self.number = PhoneNumber(PUBLIC_URL, TOKEN, fallback, f"{PUBLIC_URL}/voice/status")

    async def look(self) -> None:
        """Reload the folder if it has changed; on errors the last valid content stays in use."""
        if (print_ := self._fingerprint()) != self._print:
            self._print = print_
            try:
                self.edition += await asyncio.to_thread(self._content.reload)
            except ContentError as mistakes:
                self.complaints = sorted(mistakes.problems, key=lambda one: one.rule != SYNTAX)
            else:
                self.complaints = ()

    def languages(self) -> Mapping[str, str]:
        """Return the name of every language by its tag, the default one first."""
        return {tag: language.name for tag, language in self._content.current.flows.languages.items()}

    def flows(self) -> Mapping[str, Sequence[FlowStep]]:
        """Return every step, by flow."""
        flows: dict[str, list[FlowStep]] = {}
        for at, step in self._content.current.flows.steps.items():
            exits = tuple((".".join(path), str(target)) for path, target in step.exits())
            flows.setdefault(at.partition("/")[0], []).append(FlowStep(at, step.kind, exits))
        return flows

    def people(self) -> Mapping[str, Person]:
        """Return who answers at which number; those whom some step rings come first."""
        helpline = self._content.current
        rung = {step.rings() for step in helpline.flows.steps.values()}
        named = sorted(helpline.contacts.items(), key=lambda one: one[0] not in rung)
        others = {number: Person(contact.name, is_adviser=False) for _, contact in named for number in contact.dial}
        return others | {number: Person(_adviser(n), is_adviser=True) for n, number in enumerate(ADVISERS)}

    def opens(self, language: str | None) -> SessionHelpline:
        """Open one session."""
        return BrowserSession(self._content, language or "").opened()

    def now(self) -> datetime:
        """Return the default start of a session."""
        return (self._clock() if self._clock else datetime.now(LONDON)).astimezone(LONDON)

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
