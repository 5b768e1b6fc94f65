"""A conversation needs no telephone: whoever has events, an environment and effects can hold one."""

from datetime import date

from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.conversation import Answer, Conversation
from ivr.engine.effects import Effect, EffectStatus, SendText
from ivr.engine.events import Digits, EffectResult
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import good_rules
from ivr.loader import load
from tests.made_up import noon, said
from tests.phone_calls import LAST_DAY, TO_THE_TEXT

HELPLINE = load()
MOBILE = "+447700900123"
DAY = date(2026, 11, 23)
ENVIRONMENT = HelplineEnvironment(
    noon(DAY), HELPLINE.contacts, caller=MOBILE, good_rules=good_rules(HELPLINE.rules, DAY)
)
A_TEXT = (*LAST_DAY, *TO_THE_TEXT, "1", "1")


class Typist:
    """Somebody who types to the helpline and reads what it says, with no telephone and no database between."""

    def __init__(self, status: EffectStatus = EffectStatus.kept) -> None:
        self.performed: list[tuple[str, int, Effect]] = []
        self.answer: Answer | None = None
        self._status = status

    async def types(self, *keys: str) -> str:
        """Begin, type one after the other, and return what is said to the last."""
        self.answer = await self._conversation().begin()
        for one in keys:
            reply = self.answer.reply
            self.answer = await self._conversation().resume(reply.at, reply.state, Digits(one))
        return said(self.answer.reply.turn)

    async def _perform(self, at: str, turn: int, effect: Effect) -> EffectResult:
        self.performed.append((at, turn, effect))
        return EffectResult(self._status)

    def _conversation(self) -> Conversation:
        return Conversation(HELPLINE.flows, ENVIRONMENT, self._perform, CallState())


async def test_somebody_who_types_learns_the_last_day_to_appeal() -> None:
    assert "Monday the fourteenth of December" in await Typist().types(*LAST_DAY)


async def test_a_text_is_committed_before_it_is_said() -> None:
    typist = Typist()
    assert "We will send you two texts" in await typist.types(*A_TEXT)
    [first, *_] = typist.performed
    assert isinstance(first[2], SendText)
    assert typist.answer is not None
    assert [status for _, status in typist.answer.effects] == [EffectStatus.kept] * len(typist.performed)


async def test_a_text_that_could_not_be_committed_is_not_promised() -> None:
    assert "We will send you" not in await Typist(EffectStatus.down).types(*A_TEXT)


async def test_the_same_event_again_commits_the_same_effect() -> None:
    one, other = Typist(), Typist()
    assert await one.types(*A_TEXT) == await other.types(*A_TEXT)
    assert one.performed == other.performed


async def test_a_call_that_is_lost_begins_again_in_its_own_words() -> None:
    conversation = Conversation(HELPLINE.flows, ENVIRONMENT, Typist()._perform, CallState())
    reply = (await conversation.begin()).reply
    await conversation.resume(reply.at, structs.replace(reply.state, language="cy", audience="young"), Digits("2"))
    for answer in (await conversation.lose(), await conversation.recover()):
        assert (answer.reply.state.language, answer.reply.state.audience) == ("cy", "young")


async def test_a_conversation_may_begin_at_another_step_with_what_it_must_know_there() -> None:
    known = CallState(variables={"letter": "2026-10-14"})
    answer = await Conversation(HELPLINE.flows, ENVIRONMENT, Typist()._perform, known).begin("deadline/confirm_letter")
    assert "Wednesday the fourteenth of October" in said(answer.reply.turn)
