"""What an adviser hears on answering, before anybody is connected."""

from ivr.engine import verbs
from ivr.engine.events import Digits, Event
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Scene, Stay, Step, own

TAKE = "1"


class Screen(Step):
    """Who we are and what it is about; only 1 connects, so that a mailbox never takes a caller.

    In a flow:

        offer: {kind: screen}

    The provider connects the two when this document ends by itself, and not when it ends in a hang-up
    (https://www.twilio.com/docs/voice/twiml/number#attributes-url).
    """

    says = {
        "prompt": frozenset({"topic"}),
        "no_topic": frozenset(),
        "key": frozenset({"key"}),
        "declined": frozenset(),
    }
    ends_call = True
    for_adviser = True

    def enter(self, scene: Scene) -> Decision:
        words = scene.words
        topic = scene.service.topics.get(scene.memory.topic)
        about = words.text(topic or own(scene.at, "no_topic"))
        offer = words.say(
            words.speech(own(scene.at, "prompt"), topic=about), words.speech(own(scene.at, "key"), key=Key(TAKE))
        )
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._decline(scene))), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == TAKE:
                return Stay(verbs.Turn(()), scene.memory)
            case Digits(keys) if keys != "*":
                return Stay(verbs.Turn(self._decline(scene)), scene.memory)
        return self.enter(scene)

    def _decline(self, scene: Scene) -> tuple[verbs.Verb, ...]:
        return (scene.words.say(scene.words.speech(own(scene.at, "declined"))), verbs.Hangup())


KIND = Screen
