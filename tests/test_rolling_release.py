"""While a release rolls out, processes of two releases answer turns of one call; the caller keeps their place."""

from collections.abc import Mapping
from itertools import product

import pytest
from msgspec import json, structs
from starlette.applications import Starlette

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState, NewerCallState
from ivr.engine.effects import Effect, EffectStatus
from ivr.engine.events import EffectResult
from ivr.engine.step import Step
from ivr.helpline.whisper import ANY_CALL, adviser_call_state
from ivr.tokens import CallStateTokens
from ivr.web.effects import EffectHandler
from tests.made_up import Stop, flows
from tests.web.webhooks import URL, PerformsText, action, app_of, ask, form_of, said

START = f"{URL}/voice"
YES_NO = {"kind": "yes_no", "otherwise": "person/ring", "no": "end"}
SAYS = {"first": "First?", "second": "Second?", "middle": "Second?", "third": "Third?"}
SENTENCES = {f"town.{name}.{way}": text for name, text in SAYS.items() for way in ("prompt", "plainer")}


def release(name: str, **second: object) -> CallFlows:
    """Return three questions, of which the second has a name of the release's own."""
    questions: dict[str, Step | Mapping[str, object]] = {
        "town/first": {**YES_NO, "yes": name},
        f"town/{name}": {**YES_NO, "yes": "third", **second},
        "town/third": {**YES_NO, "yes": "end"},
    }
    return flows(questions, SENTENCES)


BEFORE = release("second")
RENAMING = release("middle", formerly=["second"])
AFTER = release("middle")
"""The line `formerly` has been removed again."""
KEYS = ("", "1", "9", "#", "1", "1", "#", "1", "1")
"""From the first question to the end, with a wrong key at the second, and back to the first and to the second."""
HEARD = ("First", "Second", "not among them", "First", "Second", "Third", "Second", "Third", "town/end")


async def heard(apps: tuple[Starlette, ...]) -> list[str]:
    """Return what a caller hears who presses those keys, each app answering one of them."""
    url, replies = START, []
    for app, key in zip(apps, KEYS, strict=True):
        response = await ask(app, url, form_of(Digits=key) if key else form_of())
        replies.append(said(response))
        url = action(response)
    return replies


@pytest.mark.parametrize("pair", [(BEFORE, RENAMING), (RENAMING, AFTER)], ids=["while it rolls out", "after it"])
async def test_whichever_release_answers_a_key_the_caller_is_where_they_were(pair: tuple[CallFlows, CallFlows]) -> None:
    old, new = map(app_of, pair)
    for first, second in product((old, new), repeat=2):
        for order in product((old, new), repeat=5):
            replies = await heard((first, *order, second, first, second))
            assert all(text in reply for text, reply in zip(HEARD, replies, strict=True)), replies


class StateOfNext(CallState, frozen=True):
    """The state of a release that has one field more."""

    pace: str = "as usual"


class TokensOfNext(CallStateTokens):
    """The tokens of that release; every call of it is slow."""

    def __init__(self) -> None:
        super().__init__(bytes(32))
        self.paces: list[str] = []

    def open(self, token: str, call: str, at: str) -> CallState:
        state = super().open(token, call, at)
        assert isinstance(state, NewerCallState)
        known = structs.asdict(state)
        self.paces += [json.decode(one, type=str) for one in known.pop("unknown")]
        return StateOfNext(**known, pace=self.paces[-1])

    def close(self, state: CallState, call: str, at: str) -> str:
        newer = state if isinstance(state, StateOfNext) else StateOfNext(**structs.asdict(state), pace="slow")
        return super().close(newer, call, at)


async def test_a_field_that_the_older_release_does_not_know_comes_back_to_the_newer_one() -> None:
    tokens = TokensOfNext()
    old, new = app_of(BEFORE), app_of(RENAMING, tokens=tokens)
    replies = await heard((new, old, new, old, old, new, old, new, new))
    assert all(text in reply for text, reply in zip(HEARD, replies, strict=True)), replies
    assert tokens.paces == ["slow"] * 4


class Keys(EffectHandler):
    """Notes the idempotency key of every effect."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, str, int]] = []

    async def perform(
        self,
        call: str,
        at: str,
        turn: int,
        effect: Effect,
        left: float | None = None,
        caller: str = "",
        called: str = "",
    ) -> EffectResult:
        self.keys.append((call, at, turn))
        return EffectResult(EffectStatus.kept)


async def test_a_webhook_that_both_releases_get_performs_its_effect_once() -> None:
    keys = Keys()
    old, new = (
        app_of(flows({"town/first": {**YES_NO, "yes": name}, f"town/{name}": text}, SENTENCES), keys)
        for name, text in (("text", PerformsText()), ("sms", PerformsText(formerly=("town/text",))))
    )
    began = action(await ask(old, START))
    for app in (old, new):
        await ask(app, began, form_of(Digits="1"))
    assert len(keys.keys) == 2
    assert len(set(keys.keys)) == 1


OFFER = {name: f"{name} it?" for name in ("prompt", "no_topic", "key", "declined")}


@pytest.mark.parametrize("by_worker", [True, False], ids=["rung by the worker", "rung by the provider"])
async def test_an_adviser_who_is_rung_by_one_release_hears_the_offer_of_the_other(by_worker: bool) -> None:
    old, new = (
        flows(
            {"town/first": Stop(), f"town/{name}": entry}, {f"town.{name}.{key}": text for key, text in OFFER.items()}
        )
        for name, entry in (("offer", {"kind": "screen"}), ("whisper", {"kind": "screen", "formerly": ["offer"]}))
    )
    for ringing, answering in product((old, new), repeat=2):
        at = ringing.step_of_kind("screen")
        if not by_worker:
            at = next(at for at, step in ringing.steps.items() if step.for_adviser)
        state = ringing.names.to_seal(at, adviser_call_state("", None))
        token = CallStateTokens(bytes(32)).close(state, ANY_CALL, at)
        assert "key it?" in said(await ask(app_of(answering), f"{START}/{at}?m={token}", form_of("CA9")))


async def test_a_question_that_was_removed_is_left_out_on_the_way_back() -> None:
    began = action(await ask(app_of(BEFORE), START))
    second = action(await ask(app_of(BEFORE), began, form_of(Digits="1")))
    third = action(await ask(app_of(BEFORE), second, form_of(Digits="1")))
    assert "First?" in said(await ask(app_of(AFTER), third, form_of(Digits="#")))


async def test_a_caller_at_a_step_that_was_removed_is_told_so_and_goes_on() -> None:
    second = action(await ask(app_of(BEFORE), action(await ask(app_of(BEFORE), START)), form_of(Digits="1")))
    assert "This is person/lost." in said(await ask(app_of(AFTER), second, form_of(Digits="1")))


async def test_a_call_goes_on_at_a_question_whose_name_a_step_before_it_has_taken() -> None:
    before = flows({"town/first": {**YES_NO, "yes": "third"}, "town/third": {**YES_NO, "yes": "end"}}, SENTENCES)
    after = flows(
        {
            "town/first": {**YES_NO, "yes": "third"},
            "town/third": {"kind": "say", "go": "second"},
            "town/second": {**YES_NO, "yes": "end", "formerly": ["third"]},
        },
        SENTENCES,
    )
    for first, second in ((before, after), (after, before)):
        began = action(await ask(app_of(first), START))
        there = action(await ask(app_of(first), began, form_of(Digits="1")))
        assert "/town/end?" in action(await ask(app_of(second), there, form_of(Digits="1")))
