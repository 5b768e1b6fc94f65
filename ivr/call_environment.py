"""The environment of calls, by the content, the settings and what staff have set."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial

from ivr.config import Settings
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.helpline.timezone import LONDON
from ivr.loader import Helpline
from ivr.web.staff_cache import StaffCache


def environment_of(
    settings: Settings, helpline: Helpline, staff_cache: StaffCache
) -> Callable[[datetime, str], HelplineEnvironment]:
    """Return what makes the environment of a webhook: of a moment (aware), and of the number that calls."""
    rules_on = lru_cache(maxsize=2)(partial(good_rules, helpline.rules))  # a step may state a dozen of them

    def environment(now: datetime, caller: str) -> HelplineEnvironment:
        here, rota = now.astimezone(LONDON), staff_cache.rota
        return HelplineEnvironment(
            now=here,
            contacts=helpline.contacts,
            advisers=rota.advisers,
            own_number=settings.number,
            hours=rota.hours(helpline.hours),
            caller=caller,
            own_hours=helpline.hours_to_say(here.date(), rota.staff_hours),
            good_rules=rules_on(here.date()),
            one_off_holidays=rota.holidays,
            emergency=staff_cache.emergency,
            language=helpline.flows.words.language.tag,
            block_of=staff_cache.block_of,
            canary=settings.canary_number,
        )

    return environment
