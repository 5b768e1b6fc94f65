"""What an entry of the transcript sounds like: speech, or a recording that is played back in the caller's own words."""

import re

from ivr.simulator.browser.session import Session
from ivr.simulator.transcript import Entry
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.speech.wav import wav

_PLAYED = re.compile(r"\(recording (\S+)\)")
"""The text of an entry in which audio is played (ivr/simulator/twiml/verbs.py)."""


async def audio_of(session: Session, entry: Entry) -> bytes | None:
    """Return a WAV file; None for an entry that makes no sound, or if no voice is installed."""
    if _PLAYED.fullmatch(entry.text):
        recording = _recording_in(session, entry)
        return recording.wav() if recording and recording.audio else None
    parts = tuple(sound.text or sound.seconds for sound in entry.sounds)
    return await wav(session.spoken_language, parts) if parts else None


def text_of(session: Session, entry: Entry) -> str:
    """Return the text for the page: of a recording that is played back, the words that were said into it."""
    if not _PLAYED.fullmatch(entry.text):
        return _PLAYED.sub("(the message is played)", entry.text)
    recording = _recording_in(session, entry)
    return f"“{recording.words}”" if recording else "(the message is played)"


def _recording_in(session: Session, entry: Entry) -> RecordingResource | None:
    """Return the recording that the app has served at the URL in this entry: the one with the same audio."""
    played = _PLAYED.fullmatch(entry.text)
    audio = session.phone.webhooks.fetched_audio.get(played[1]) if played else None
    return next((one for one in session.player.twilio.recorded if one.wav() == audio), None) if audio else None
