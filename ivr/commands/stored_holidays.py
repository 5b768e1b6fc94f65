"""The one-off bank holidays, for a command that works without a database too."""

from ivr.commands.output import tell
from ivr.commands.transaction import in_transaction
from ivr.commands.usable_settings import usable_settings
from ivr.database_file import file_of
from ivr.engine.environment import OneOffHoliday
from ivr.errors import DatabaseUnavailable, SettingsError
from ivr.store import one_off_holidays

PATIENCE = 5.0
"""Seconds for the database."""


def stored_holidays() -> tuple[OneOffHoliday, ...]:
    """Return the bank holidays that staff added; say on standard error if they cannot be read, and go on without."""
    try:
        file = file_of(usable_settings().database_url)
        if file and not file.exists():
            return ()
        return in_transaction(lambda db, _: one_off_holidays.read(db), PATIENCE)
    except (DatabaseUnavailable, SettingsError) as error:
        tell(f"Bank holidays that staff added (`ivr holidays`) are not counted here: {error.lines[0]}", err=True)
        return ()
