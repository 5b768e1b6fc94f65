"""Restores a session from its journal, by playing it again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from starlette.responses import JSONResponse

from ivr.errors import IvrError
from ivr.simulator.browser.answers import MAX_ANSWERS
from ivr.simulator.browser.beginning import Beginning
from ivr.simulator.browser.journal import LISTEN, JournalEntry, Restored
from ivr.simulator.browser.journaled_actions import do, standing
from ivr.simulator.browser.journals import Journals
from ivr.simulator.browser.request_fields import RequestFields
from ivr.simulator.browser.session import Session
from ivr.simulator.browser.view import view


async def restore_session(beginning: Beginning, journals: Journals, name: str) -> Session | None:
    """Return the session of that name as it was, or as far as it goes as it went; None if there is no journal of it.

    Raises IvrError if not even its beginning can be played.
    """
    if not (entries := journals.read(name)):
        return None
    replay = _Replay(await beginning.session(RequestFields(entries[0].fields)), entries)
    await replay.run()
    if 0 < len(replay.played) < len(entries):  # the one that went otherwise is taken back
        await replay.session.close()
        again = _Replay(await beginning.session(RequestFields(entries[0].fields)), replay.played)
        await again.run()
        again.session.restored = replay.session.restored
        replay = again
    await replay.session.look_at_hours()
    replay.session.journal = journals.create(name, replay.played)
    return replay.session


class _Replay:
    """Plays the entries of a journal in a session that has begun; `played` are those that went as they went."""

    def __init__(self, session: Session, entries: Sequence[JournalEntry]) -> None:
        self.session, self._entries = session, entries
        self.played: list[JournalEntry] = []

    async def run(self) -> None:
        with_id = [entry.id for entry in self._entries if entry.id][-MAX_ANSWERS:]
        since, self.session.restored = 0.0, None
        words_since: float | None = None
        for place, entry in enumerate(self._entries):
            is_done = place == 0 or await self._does(entry)
            state, words = standing(self.session)
            if not is_done or state != entry.state:
                self.session.restored = Restored(words_since, since)
                return
            if words != entry.words and words_since is None:
                words_since = since
            if entry.id in with_id:
                self.session.answers.put(entry.id, bytes(JSONResponse(view(self.session)).body))
            self.played.append(replace(entry, words=words))
            since = entry.now
        self.session.restored = Restored(words_since)

    async def _does(self, entry: JournalEntry) -> bool:
        """Do what was done, and return whether it could be."""
        if entry.action == LISTEN:
            await self.session.listen(entry.now)
            return True
        # A mistake of ours was one then, too: what comes of it is compared all the same.
        with suppress(Exception):
            try:
                await do(self.session, entry.action, RequestFields(entry.fields))
            except (IvrError, KeyError):
                return False
        return True
