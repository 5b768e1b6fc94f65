"""Reminds advisers of their shifts, and tells managers of those that nobody has confirmed."""

from collections.abc import Callable
from datetime import datetime

from ivr.helpline.quiet_hours import is_texting_hour
from ivr.store import shift_reminders
from ivr.store.database import Store
from ivr.store.shift_reminders import ReminderRules
from ivr.worker.clock_check import ClockCheck


class ShiftReminders:
    """Any number may run at once: of a shift that is reminded of there is one row, and its text is in the same
    transaction.
    """

    def __init__(
        self, store: Store, rules: Callable[[], ReminderRules], clock: Callable[[], datetime], check: ClockCheck
    ) -> None:
        self._store, self._rules, self._clock, self._check = store, rules, clock, check

    async def remind(self) -> int:
        """Put what is due into the outbox, outside quiet hours. Raises DatabaseUnavailable."""
        now = self._clock()
        if not is_texting_hour(now) or not await self._check.is_plausible():
            return 0
        rules, cipher = self._rules(), self._store.cipher
        async with self._store.begin() as db:
            await shift_reminders.remind(db, cipher, rules, now)
            await shift_reminders.tell_of_unconfirmed(db, cipher, rules, now)
        return 0  # it looked at all of them: until the next minute
