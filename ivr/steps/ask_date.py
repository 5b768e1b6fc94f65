"""Asks for a date in eight keys: day, month, year."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from ivr.engine.question import Wrong
from ivr.engine.several_keys import SeveralKeys
from ivr.engine.step import Decision, Go, Scene, own
from ivr.helpline.notes import DATE, SAID_DATES, noted_date, said_date

LONG_AGO = timedelta(days=3653)
"""Ten years: a letter older than that is a slip of the finger in the year."""


class AskDate(SeveralKeys):
    """A past date; what is wrong with one that will not do is explained before it is asked for again.

    In a flow:

        letter:
          kind: ask_date
          keep: letter
          got: confirm_letter
          otherwise: person/ring
    """

    not_before: str | None = None
    num_digits: ClassVar[int] = 8
    shares = (
        SeveralKeys.shares
        | DATE
        | {
            "date_unfinished": frozenset({"keyed"}),
            "date_impossible": frozenset({"keyed"}),
            "date_to_come": frozenset({"date"}),
            "date_long_ago": frozenset({"date"}),
        }
    )

    def sentences(self) -> dict[str, frozenset[str]]:
        return self.says | ({"too_early": frozenset({"earliest"})} if self.not_before else {})

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: SAID_DATES}

    def wants(self) -> frozenset[str]:
        return frozenset({self.not_before} if self.not_before else ())

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        digits = [key for key in keys if key.isdigit()]
        if not digits:
            return Wrong()
        try:
            day = parse(keys)
        except ValueError:
            name = "date_impossible" if len(keys) == len(digits) == self.num_digits else "date_unfinished"
            return self._wrong(scene, f"helpline.{name}", keyed=", ".join(digits))
        if day > scene.desk.today:
            return self._wrong(scene, "helpline.date_to_come", date=said_date(day, scene.words))
        if day < scene.desk.today - LONG_AGO:
            return self._wrong(scene, "helpline.date_long_ago", date=said_date(day, scene.words))
        if self.not_before and day < (earliest := noted_date(scene.memory.notes, self.not_before)):
            return self._wrong(scene, own(scene.at, "too_early"), earliest=said_date(earliest, scene.words))
        return Go(self.got, scene.memory.note(self.keep, day.isoformat()))

    def _wrong(self, scene: Scene, name: str, **values: str) -> Wrong:
        return Wrong(scene.words.say(scene.words.speech(name, **values)))


def parse(keys: str) -> date:
    """The date in eight keys, day month year; a ValueError for anything else.

    >>> parse("14102026")
    datetime.date(2026, 10, 14)
    """
    if len(keys) != AskDate.num_digits or not keys.isdigit():
        raise ValueError(keys)
    return date(day=int(keys[:2]), month=int(keys[2:4]), year=int(keys[4:]))


KIND = AskDate
