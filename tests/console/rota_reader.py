"""Reads the pages of the rota as somebody would: when we are open, who is there, when nobody is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ivr.helpline.weeks import week_name
from tests.console.staff_pages import StaffPages

ITEM = re.compile(r'<li class="(open|shift|gap)">(.*?)</li>', re.DOTALL)
TIME = re.compile(r'<time datetime="([^"]+)">')
NAME = re.compile(r'<a href="/console/rota/[^"]+">([^<]+)</a>')
BALANCE = re.compile(r'<th scope="row"><a href="/console/rota/[^"]+">([^<]+)</a>')


@dataclass(frozen=True)
class Shown:
    """A line of a week: what it is, from when to when, and who is there."""

    what: str
    begins: datetime
    ends: datetime
    name: str = ""


@dataclass(frozen=True)
class RotaPages:
    """All that some weeks show, and the advisers in the order in which they are rung."""

    lines: Sequence[Shown]
    order: Sequence[str]

    def is_open(self, at: datetime) -> bool:
        """Return whether a moment lies in the hours in which we are open."""
        return bool(self._at("open", at))

    def is_gap(self, at: datetime) -> bool:
        """Return whether the pages say that nobody is there though we are open."""
        return bool(self._at("gap", at))

    def there(self, at: datetime) -> list[str]:
        """Return who is on shift, in the order in which they are rung."""
        names = {line.name for line in self._at("shift", at)}
        return [name for name in self.order if name in names]

    @property
    def boundaries(self) -> list[datetime]:
        """The moments at which something begins or ends."""
        return sorted({moment for line in self.lines for moment in (line.begins, line.ends)})

    def _at(self, what: str, at: datetime) -> list[Shown]:
        return [line for line in self.lines if line.what == what and line.begins <= at < line.ends]


async def read_weeks(pages: StaffPages, mondays: Iterable[date]) -> RotaPages:
    """Read the pages of some weeks."""
    texts = []
    for monday in mondays:
        answer = await pages.get(f"/console/rota?week={week_name(monday)}")
        assert answer.status_code == 200
        texts.append(answer.text)
    lines = [_shown(what, inside) for text in texts for what, inside in ITEM.findall(text)]
    return RotaPages(lines, BALANCE.findall(texts[-1]))


def mondays(first: date, weeks: int) -> list[date]:
    """Return so many Mondays from the first on."""
    return [first + timedelta(weeks=n) for n in range(weeks)]


def _shown(what: str, inside: str) -> Shown:
    begins, ends = map(datetime.fromisoformat, TIME.findall(inside))
    name = NAME.search(inside)
    return Shown(what, begins, ends, name[1] if name else "")
