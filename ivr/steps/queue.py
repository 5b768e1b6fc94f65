"""Has the caller wait while our advisers are rung."""

from ivr.engine import verbs
from ivr.engine.events import Event, Exit, LeftQueue, PromiseKept
from ivr.engine.memory import Memory
from ivr.engine.promises import Hunt, HuntEnd, Kept
from ivr.engine.step import Decision, Go, Keep, Scene, Stay, Step, Target
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.hunt import SINCE, WAY
from ivr.helpline.notes import deadline_told
from ivr.helpline.screening import HUNT

BACK = "back"
WAYS = frozenset({"talked", "nobody", "busy", "call_back", "message"})
"""The ways out of the queue that are exits of the step by that name; any other leads to `direct`."""


class Queue(Step):
    """Our advisers, one after another or all at once. The hunt for them is committed before the caller waits.

    In a flow:

        queue:
          kind: queue
          waiting: waiting          # what is heard meanwhile
          seconds: 20               # how long each telephone rings
          all_at_once: no
          talked: after
          nobody: nobody            # all were rung, and none took the call
          busy: busy                # none was free for as long as `waiting` lets callers wait
          call_back: callbacks/start
          message: messages/start
          direct: direct            # the queue cannot be used: ring them without it
          none: nobody              # nobody is on duty

    A caller who pressed # is taken back to the last question they were asked. It says nothing itself: the queue does
    not exist before the caller is in it, and an adviser may be quick (https://www.twilio.com/docs/voice/twiml/queue).
    """

    waiting: Target
    seconds: int = 20
    all_at_once: bool = False
    talked: Target
    nobody: Target
    busy: Target
    call_back: Target
    message: Target
    direct: Target
    none: Target

    chosen = frozenset({"call_back", "message"})

    def rings(self) -> str:
        return ADVISERS

    def enter(self, scene: Scene) -> Decision:
        memory = scene.memory.note(HUNT, "").note(WAY, "")
        deadline = deadline_told(memory.notes)
        return Keep(Hunt(memory.topic, deadline, self.seconds, self.all_at_once), memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        memory = scene.memory
        match event:
            case LeftQueue(how, _, queue):
                return Keep(HuntEnd(memory.notes.get(HUNT, ""), how, queue), memory.note(WAY, how))
            case PromiseKept() if not memory.notes.get(HUNT):
                return self._begun(scene, event)
            case PromiseKept():
                return self._out(scene, event.found or memory.notes[WAY])
        return Go(self.direct, memory)

    def _begun(self, scene: Scene, hunt: PromiseKept) -> Decision:
        if hunt.how is not Kept.kept:
            return Go(self.none if hunt.how is Kept.nothing else self.direct, scene.memory)
        memory = scene.memory.note(HUNT, hunt.found).note(SINCE, scene.desk.now.isoformat(timespec="seconds"))
        return Stay(verbs.Turn((verbs.Enqueue(hunt.found, self.waiting),)), memory)

    def _out(self, scene: Scene, way: str) -> Decision:
        if way == Exit.gone:
            return Stay(verbs.Turn((verbs.Hangup(),)), scene.memory)
        if way == BACK:
            return Go(_last_question(scene.memory) or scene.service.answer, scene.memory)
        return Go(getattr(self, way) if way in WAYS else self.direct, scene.memory)


def _last_question(memory: Memory) -> str:
    return memory.trail[-1] if memory.trail else ""


KIND = Queue
