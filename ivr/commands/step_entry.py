"""What the telephone in the browser asks before a call begins at a step."""

import re
from collections.abc import Mapping
from datetime import date

from ivr.engine.call_flows import CallFlows
from ivr.engine.step import own
from ivr.errors import InvalidInput
from ivr.helpline.call_entry import Entry, EntryField, entry_at
from ivr.simulator.browser.helpline_source import FieldToFill, StepEntry

QUESTIONS = ("prompt", "shorter")
"""The sentences that put a question, the first that has no blanks is shown beside its field."""


def known_entry(flows: CallFlows, at: str, given: Mapping[str, str], today: date, caller: str) -> Entry:
    """Return what a call needs to begin at a step; raises InvalidInput for a step that is not there."""
    if at not in flows.steps:
        raise InvalidInput(f"There is no step “{at}”: it may have been renamed.")
    return entry_at(flows.steps, at, given, today, caller)


def to_fill_in(flows: CallFlows, entry: Entry) -> StepEntry:
    """Return it as the page shows it."""
    asking = dict.fromkeys(at for field in entry.fields for at in field.asked_at)
    fields = tuple(_field(flows, field) for field in entry.fields)
    return StepEntry(entry.refused, fields, entry.instead or tuple(asking))


def _field(flows: CallFlows, field: EntryField) -> FieldToFill:
    questions = (own(at, name) for at in field.asked_at for name in QUESTIONS)
    plain = (flows.words.sentences[name] for name in questions if name in flows.words)
    asked = next((str(sentence.text) for sentence in plain if not sentence.blanks), "")
    hint = re.split(r"(?<=[.?!])\s", asked, maxsplit=1)[0]
    label = field.name.replace("_", " ").capitalize()
    return FieldToFill(field.name, label, hint, str(field.value), tuple(map(str, field.choices)), field.is_date)
