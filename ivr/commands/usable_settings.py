"""The settings of commands for staff: as far as they can be used, as in the helpline that runs meanwhile."""

from functools import cache
from typing import Any

from ivr.commands.output import tell
from ivr.config import Settings, settings_to_run_with


def usable_settings(**settings: Any) -> Settings:
    """Return the settings, and say on standard error, once, which of them cannot be used.

    Raises SettingsError for one without which it would be another helpline.
    """
    usable, wrong = settings_to_run_with(**settings)
    for line in wrong:
        _say(line)
    return usable


_say = cache(lambda line: tell(line, err=True))
