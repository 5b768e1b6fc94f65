"""What is kept of a caller in the words of the pages: what each entry is, how it stands, and where its own page is."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.console.talks import OUTCOMES
from ivr.console.templates import TEXT_STATES
from ivr.store.caller_history import HistoryEntry, HistoryKind

STATES: Mapping[HistoryKind, Mapping[str, str]] = {
    HistoryKind.callback: {
        "open": "waits to be rung back",
        "claimed": "waits to be rung back",
        "done": "reached",
        "gave_up": "given up",
    },
    HistoryKind.message: {
        "begun": "nothing was said",
        "recorded": "not passed on yet",
        "sent": "waits to be heard",
        "discarded": "thrown away by the caller",
    },
    HistoryKind.text: {"waiting": "waits for an answer"},
    HistoryKind.sent: {state.value: words for state, words in TEXT_STATES.items()},
    HistoryKind.talk: OUTCOMES,
}
"""How an entry stands, in words; other states are shown as they are."""
WORDS: Mapping[HistoryKind, str] = {
    HistoryKind.callback: "Asked to be rung back",
    HistoryKind.message: "Left a message",
    HistoryKind.text: "Texted us",
    HistoryKind.sent: "Text from us",
    HistoryKind.reminder: "Reminder to come",
    HistoryKind.talk: "Asked for an adviser",
    HistoryKind.note: "Note",
    HistoryKind.complaint: "Complaint about their data",
}
HEARD = ("sent", "done")
"""The states of a message that has a page."""
WITH_A_PAGE = (
    HistoryKind.callback,
    HistoryKind.message,
    HistoryKind.text,
    HistoryKind.talk,
    HistoryKind.complaint,
)
WITH_WORDS = HistoryKind.text, HistoryKind.sent, HistoryKind.reminder, HistoryKind.note, HistoryKind.complaint


@dataclass(frozen=True)
class EntryShown:
    """An entry as a page shows it; `path` is the address of its own page, "" for none.

    `words` are what was written, None where nothing is.
    """

    entry: HistoryEntry
    what: str
    state: str
    words: str | None
    path: str


def entry_shown(entry: HistoryEntry) -> EntryShown:
    """Return an entry as a page shows it."""
    state = STATES.get(entry.kind, {}).get(entry.state, entry.state.replace("_", " "))
    words = entry.words
    if words is None and entry.kind in WITH_WORDS:
        words = "(its words cannot be read)"
    return EntryShown(entry, WORDS[entry.kind], state, words, _page_of(entry))


def _page_of(entry: HistoryEntry) -> str:
    if entry.about:
        kind, id = entry.about
        return f"/console/{kind}s/{id}"
    if entry.kind is HistoryKind.message and entry.state not in HEARD:
        return ""
    return f"/console/{entry.kind}s/{entry.id}" if entry.kind in WITH_A_PAGE else ""
