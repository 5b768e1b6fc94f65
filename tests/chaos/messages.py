"""Counts the messages that callers have left, and those of them that reached the helpline."""

from dataclasses import dataclass

from sqlalchemy import select

from ivr.store.tables import voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.run import Run


@dataclass(frozen=True)
class Messages:
    """How many were `left` at the provider, how many are `found` here, and how many a restored backup lost."""

    left: int
    found: int
    lost_with_database: int


async def count_messages(run: Run) -> Messages:
    """Count them. One counts as found with its audio, or where its caller discarded it.

    One that came in after the backup that was restored, and was deleted at the provider since, is lost with the
    database.
    """
    async with run.store.begin() as db:
        rows = (await db.execute(select(voicemails.c.recording, voicemails.c.state, voicemails.c.sound))).all()
    found = {row.recording for row in rows if row.sound or row.state == VoicemailState.discarded}
    missing = [one for one in run.environment.messages if one.sid not in found]
    at_provider = {one.sid for one in run.environment.provider_api.recordings}
    in_doubt = {call.sid for call in run.calls if run.may_be_lost(call)}
    lost = [one for one in missing if one.call_sid in in_doubt and one.sid not in at_provider]
    left = len(run.environment.messages)
    return Messages(left, left - len(missing), len(lost))
