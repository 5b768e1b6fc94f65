"""What can only be asked of the provider by a person, or heard?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, skipped

OF_EVERY_ACCOUNT = 1.0
"""Calls that Twilio begins in a second for every account, unless it raised that."""


@check
async def ask_twilio(subject: Subject) -> AsyncIterator[Finding]:
    """No API tells how many calls a second the provider begins for us, or whether it has our voice: as told here."""
    if subject.provider is None:
        return
    if (told := subject.settings.calls_per_second) > OF_EVERY_ACCOUNT:
        says = f"whether Twilio begins {told:g} calls a second for us, as IVR_CALLS_PER_SECOND says: no API tells"
        yield skipped(says, "ask Twilio: Voice > Settings in its console must say as many, or they wait in its queue")
    if helpline := subject.content():
        for voice in sorted({one.voice for one in helpline.flows.languages.values()}):
            yield skipped(f"whether Twilio speaks with the voice {voice}: no API tells", "ring the number, and listen")
