"""The helpline in the browser: its content is reloaded when files change, each session has its own database."""

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from starlette.applications import Starlette

from ivr.commands.browser_hours import adviser_name, hours_at
from ivr.commands.browser_session import ADVISERS, BrowserSession, session_settings
from ivr.commands.content_watch import ContentWatch
from ivr.commands.flow_pictures import FlowPictures
from ivr.commands.in_process_worker import Now
from ivr.commands.sentence_editor import ContentSentences
from ivr.commands.spoken_prompts import SpokenPrompts
from ivr.commands.step_entry import known_entry, to_fill_in
from ivr.config import CONTENT, Settings
from ivr.content_source import ContentSource
from ivr.database_file import default_file, file_of
from ivr.diagrams.builder import WHOLE
from ivr.fallback_document import fallback_document
from ivr.helpline.rota import of_setting
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.simulator.browser.helpline_hours import HelplineHours
from ivr.simulator.browser.helpline_source import HelplineSource, Mistake, Person, SessionHelpline, StepEntry
from ivr.simulator.browser.pages import telephone
from ivr.simulator.browser.sentences import SentenceEditor
from ivr.simulator.browser.tour import Tour
from ivr.simulator.scenarios.environment import PhoneNumber
from ivr.simulator.scenarios.player import PUBLIC_URL, TOKEN
from ivr.simulator.twiml.prompts import SpokenPrompt


class Helplines:
    """The helpline of a content folder, in every language."""

    def __init__(self, folder: Path = CONTENT, clock: Now | None = None) -> None:
        self._folder, self._clock = folder, clock
        self._spoken = SpokenPrompts()
        self._content = ContentSource(folder, read=self._spoken.read)
        self._pictures = FlowPictures(folder)
        self._watch = ContentWatch(folder, self._content, lambda: today_in_london(self.now()))
        self.sentences: SentenceEditor = ContentSentences(folder, lambda: today_in_london(self.now()))
        fallback = fallback_document(
            session_settings(folder, {}), self.now(), self._content.current, self._spoken.note_document
        )
        self.number = PhoneNumber(PUBLIC_URL, TOKEN, fallback, f"{PUBLIC_URL}/voice/status")

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """What is wrong with the files on disk, causes first."""
        return self._watch.mistakes

    @property
    def edition(self) -> int:
        """The number of changes that have come into use."""
        return self._watch.edition

    @property
    def in_use(self) -> Sequence[str]:
        """The files that the latest edition has changed."""
        return self._watch.in_use

    async def look(self) -> None:
        """Reload the folder if it has changed; on errors the last valid content stays in use."""
        if await self._watch.look():
            self.sentences.reload()

    def languages(self) -> Mapping[str, str]:
        """Return the name of every language by its tag, the default one first."""
        return {tag: language.name for tag, language in self._content.current.flows.languages.items()}

    def voice(self, language: str | None) -> str:
        """Return the name of the provider's voice in which a language is spoken, as the content has it."""
        languages = self._content.current.flows.languages
        return languages[language].voice if language and language in languages else next(iter(languages.values())).voice

    def pictures(self) -> Sequence[str]:
        """Return the names of all pictures: the whole helpline, the flow that calls begin in, the other flows."""
        flows = self._content.current.flows
        return (WHOLE, *dict.fromkeys(at.partition("/")[0] for at in (flows.answer, *flows.steps)))

    async def picture(self, name: str) -> str:
        """Return a picture as SVG."""
        return await self._pictures.picture(name, self._watch.stamp, self._watch.problems)

    def entry(self, at: str, given: Mapping[str, str], today: date, caller: str) -> StepEntry:
        """Return what a call needs to begin at a step."""
        flows = self._content.current.flows
        return to_fill_in(flows, known_entry(flows, at, given, today, caller))

    def people(self) -> Mapping[str, Person]:
        """Return who answers at which number; those whom some step rings come first."""
        helpline = self._content.current
        rung = {step.rings() for step in helpline.flows.steps.values()}
        named = sorted(helpline.contacts.items(), key=lambda one: one[0] not in rung)
        others = {number: Person(contact.name, is_adviser=False) for _, contact in named for number in contact.dial}
        return others | {number: Person(adviser_name(n), is_adviser=True) for n, number in enumerate(ADVISERS)}

    def prompt_of_text(self, body: str) -> SpokenPrompt | None:
        """Return the prompt of a text message; None for one that is of none."""
        return self._spoken.of_text(body)

    def opens(self, language: str | None) -> SessionHelpline:
        """Open one session."""
        return BrowserSession(self._content, language or "", self._spoken).opened()

    def now(self) -> datetime:
        """Return what the time is."""
        return (self._clock() if self._clock else datetime.now(LONDON)).astimezone(LONDON)

    def hours(self, at: datetime) -> HelplineHours:
        """Return whether somebody would answer at a moment (aware) in a session in which nothing has happened yet."""
        return hours_at(self._content.current.hours, of_setting(ADVISERS), at)


def browser_telephone(folder: Path = CONTENT, clock: Now | None = None, journals: Path | None = None) -> Starlette:
    """Return the application at /phone, for a server on this machine; its sessions outlive it by their `journals`."""
    scripts, helplines = folder / "tests" / "calls", Helplines(folder, clock)
    return telephone(helplines, scripts if scripts.is_dir() else None, tour_of(helplines, folder), journals)


def tour_of(source: HelplineSource, folder: Path) -> Tour:
    """Return the tour of a content folder: its own scenarios, or those of ours that can be played with its content."""
    own = _tour_folder(folder)
    return Tour(source, own or _tour_folder(CONTENT), is_own=own is not None)


def _tour_folder(folder: Path) -> Path | None:
    """Return the folder of the tour in a checkout, or in an installed package."""
    return next((one for one in (folder / "tests/calls/tour", folder / "tour") if one.is_dir()), None)


def journals_folder(settings: Settings) -> Path:
    """Return the folder of the journals: beside the development database, or where that would be by default."""
    file = file_of(settings.database_url) or default_file(os.environ, dev=True)
    return file.parent / "phone-sessions"
