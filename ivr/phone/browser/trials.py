"""All trials: a few at a time, kept in memory, the one unused for longest forgotten first."""

from collections import OrderedDict
from secrets import token_urlsafe

from ivr.phone.browser.trial import Trial

MOST = 8


class Trials:
    """By name; a name that nobody guesses."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._all: OrderedDict[str, Trial] = OrderedDict()

    async def keeps(self, trial: Trial) -> str:
        """The name of a new one."""
        name = token_urlsafe(9)
        self._all[name] = trial
        while len(self._all) > self._most:
            _, oldest = self._all.popitem(last=False)
            async with oldest.lock:
                await oldest.close()
        return name

    def get(self, name: str) -> Trial | None:
        """The trial of that name, if it is still there."""
        if name in self._all:
            self._all.move_to_end(name)
        return self._all.get(name)

    async def close(self) -> None:
        """Forget them all."""
        while self._all:
            await self._all.popitem()[1].close()
