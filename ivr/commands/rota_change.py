"""A change of the rota from the command line: made, and then told which hours it leaves without anybody."""

from collections.abc import Sequence

from ivr.commands.output import tell
from ivr.commands.transaction import in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.config import content_folder
from ivr.errors import ContentError
from ivr.helpline.intervals import Interval
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import of_setting
from ivr.helpline.rota_change import change_of
from ivr.helpline.timezone import LONDON
from ivr.staff import trial
from ivr.staff.trial import Change
from ivr.store.audit import By

SHOWN = 5
"""Gaps that are told; the rest are counted."""


def make(change: Change[object], who: By) -> None:
    """Change the rota in one transaction, and warn on standard error of the gaps that this opens."""
    try:
        hours = content_hours()
    except ContentError:  # a rota is changed whatever the words are like
        in_transaction(change)
        tell("Gaps were not looked for: there are mistakes in the content, which `ivr check` lists.", err=True)
        return
    setting = of_setting(usable_settings().advisers)
    made = in_transaction(lambda db, cipher: trial.make(db, cipher, change, who.at))
    warn_of(change_of(made.before.or_else(setting), made.after.or_else(setting), hours, who.at).opened)


def warn_of(opened: Sequence[Interval]) -> None:
    """Warn on standard error of the gaps that a change opens."""
    for gap in opened[:SHOWN]:
        tell(f"Warning: we are open and nobody is there: {in_words(gap)}", err=True)
    if (more := len(opened) - SHOWN) > 0:
        tell(f"Warning: and {more} more in the next eight weeks; `ivr rota week` shows a week.", err=True)


def content_hours() -> OpeningHours | None:
    """Return the opening hours of the content; raises ContentError."""
    from ivr.loader import load

    return load(content_folder()).hours


def in_words(interval: Interval) -> str:
    """Return from when to when, by the clock of London."""
    begins, ends = (moment.astimezone(LONDON) for moment in interval)
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%a %d %b %Y %H:%M}"
    return f"{begins:%a %d %b %Y %H:%M} to {until}"
