"""One caller, or all who withhold their number, cannot use up what is for all, nor reach number after number."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.config import Settings
from ivr.engine.effects import Effect, EffectStatus, RequestCallback, ScheduleReminders, SendText, StartVoicemail
from ivr.helpline.phone_numbers import identity
from ivr.store import effects
from ivr.store.database import Store
from ivr.store.quota_usage import RequesterLimits
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.wiring import build_quotas
from tests.store.fixtures import BODY, DAY, HOUR, MINUTE, NO_QUOTAS, NOW, OTHER, PARENT

USUAL = build_quotas(Settings(dev=True))
WITHHELD = "+266696687"
NOBODYS = (WITHHELD, "", "anonymous", "HMRC", "sip:jo@example.org", "60123", "+", "+441")
"""Spellings of a number that is withheld, and what is no ordinary number: nobody's."""
KEPT, CAPPED = EffectStatus.kept, EffectStatus.capped


async def asks(
    store: Store, caller: str, effect: Effect, call: str = "", at: datetime = NOW, quotas: Quotas = USUAL
) -> EffectStatus:
    """Ask for one effect in a call, each with a key of its own."""
    to = getattr(effect, "to", getattr(effect, "number", ""))
    context = RequestContext(call, f"{caller} {call} {at} {effect}", at, quotas, caller=caller)
    async with store.begin() as db:
        return (await effects.perform(db, store.cipher, replace(context, call=call or f"{caller} {to}"), effect)).status


def text(to: str) -> SendText:
    return SendText(to, BODY, "school")


def callback(number: str) -> RequestCallback:
    return RequestCallback(number, "school", None, "any")


def mobiles(number: int) -> list[str]:
    return [f"+4477009{n:05}" for n in range(number)]


def landlines(number: int) -> list[str]:
    return [f"+4416329{n:05}" for n in range(60_000, 60_000 + number)]


async def test_one_withheld_caller_who_keys_number_after_number_reaches_only_a_few(store: Store) -> None:
    found = [await asks(store, NOBODYS[n % 8], text(to), f"CA{n}") for n, to in enumerate(mobiles(40))]
    assert found.count(KEPT) == USUAL.requester.others_of_withheld
    assert await asks(store, PARENT, text(PARENT)) is KEPT
    assert await asks(store, OTHER, text(mobiles(1)[0])) is KEPT


async def test_landlines_that_are_made_up_do_not_fill_the_list(store: Store) -> None:
    limits, made_up = USUAL.requester, landlines(24)
    for caller, most, numbers in (
        (WITHHELD, limits.others_of_withheld, made_up[:12]),
        (OTHER, limits.others_per_caller, made_up[12:]),
    ):
        found = [await asks(store, caller, callback(number)) for number in numbers]
        assert found.count(KEPT) == most, caller
    assert await asks(store, PARENT, callback(PARENT)) is KEPT


async def test_in_one_call_only_so_many_other_numbers_are_reached(store: Store) -> None:
    most = USUAL.requester.others_per_call
    for caller in (WITHHELD, PARENT):
        found = [await asks(store, caller, text(to), f"CA {caller}") for to in mobiles(most + 2)]
        assert found == [KEPT] * most + [CAPPED] * 2


async def test_a_caller_reaches_their_own_number_whatever_others_they_have_keyed(store: Store) -> None:
    for to in mobiles(10):
        await asks(store, PARENT, text(to))
    assert await asks(store, PARENT, text("+447700999999")) is CAPPED
    assert await asks(store, PARENT, text(PARENT)) is KEPT


async def test_a_number_that_was_reached_before_is_no_further_one(store: Store) -> None:
    found = [await asks(store, WITHHELD, text(OTHER), f"CA{n}") for n in range(USUAL.per_number_per_day)]
    assert set(found) == {KEPT}


async def test_the_next_hour_and_the_next_day_begin_anew(store: Store) -> None:
    for caller, period in ((WITHHELD, HOUR), (PARENT, DAY)):
        assert CAPPED in [await asks(store, caller, text(to)) for to in mobiles(10)]
        assert await asks(store, caller, text(OTHER), at=NOW + period - MINUTE) is CAPPED
        assert await asks(store, caller, text(OTHER), at=NOW + period + MINUTE) is KEPT


def message(caller: str, n: int) -> Effect:
    return StartVoicemail(caller, "school", None)


def reminder(caller: str, n: int) -> Effect:
    return ScheduleReminders(mobiles(10)[n], "deadline", ((NOW + DAY, f"{n}"),))


def a_text(caller: str, n: int) -> Effect:
    return text(mobiles(10)[n])


def a_callback(caller: str, n: int) -> Effect:
    return callback(landlines(10)[n])


SHARED = Quotas(99, 10, 99, 10, 99, 10, RequesterLimits(share=30))


@pytest.mark.parametrize("wish", [message, reminder, a_text, a_callback])
@pytest.mark.parametrize("caller", [WITHHELD, PARENT])
async def test_nobody_has_more_than_their_share_of_the_hour(
    store: Store, wish: Callable[[str, int], Effect], caller: str
) -> None:
    found = [await asks(store, caller, wish(caller, n), f"CA{n}", quotas=SHARED) for n in range(5)]
    assert found == [KEPT] * 3 + [CAPPED] * 2
    assert await asks(store, OTHER, wish(OTHER, 6), quotas=SHARED) is KEPT


async def test_the_same_webhook_again_uses_nothing_more(store: Store) -> None:
    for to in mobiles(3) * 3:
        assert await asks(store, WITHHELD, text(to), "CA1") is KEPT
    assert await asks(store, WITHHELD, text(OTHER), "CA1") is CAPPED
    assert await asks(store, WITHHELD, text(OTHER), "CA1", quotas=NO_QUOTAS) is CAPPED  # as the caller was told


async def test_several_processes_grant_no_more_than_one(store: Store, url: str) -> None:
    limits = replace(NO_QUOTAS, requester=RequesterLimits(others_of_withheld=2))
    async with Store(url, [bytes(32)], 30) as other:
        asking = [asks((store, other)[n % 2], "", text(to), f"CA{n}", quotas=limits) for n, to in enumerate(mobiles(8))]
        assert (await asyncio.gather(*asking)).count(KEPT) == 2


async def test_six_messages_of_callers_without_an_ordinary_number_are_not_one_persons(store: Store) -> None:
    names = [name for name in NOBODYS for _ in range(USUAL.messages_per_number_per_day // len(NOBODYS) + 1)]
    found = [await asks(store, "HMRC", StartVoicemail(name, "", None), f"CA{n}") for n, name in enumerate(names)]
    assert len(names) > USUAL.messages_per_number_per_day
    assert set(found) == {KEPT}


@given(st.text(max_size=20) | st.from_regex(r"\+?[0-9]{0,16}", fullmatch=True) | st.sampled_from(NOBODYS))
def test_an_identity_is_an_ordinary_number_and_nothing_else(name: str) -> None:
    number = identity(name)
    assert number in (None, name)
    assert number is None or (number.startswith("+") and number[1:].isascii() and 7 <= len(number[1:]) <= 15)
