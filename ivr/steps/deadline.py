"""Works out the last day to appeal and says it."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.memory import Memory
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Speech
from ivr.helpline.deadlines import Deadline, Status
from ivr.helpline.notes import DATE, FOR_A_DEADLINE, noted_deadline, said_date

ON = "1"


class SayDeadline(Question):
    """The plain calendar date first, then the working day to have it in by, then the Tribunal's own extension.

    In a flow:

        work_out:
          kind: deadline
          keep: told                # may be left out: the last day, once it was said
          open: mediation           # there is time
          send_today: mediation     # the send-by day is past and the last day is not
          due_today: mediation
          extension_only: mediation # only the Tribunal's extension is left
          passed: person/ring       # said at once, without waiting for a key
          unknown: person/ring      # past the bank holidays we have data for
          otherwise: person/ring
    """

    keep: str | None = None
    open: Target
    send_today: Target
    due_today: Target
    extension_only: Target
    passed: Target
    unknown: Target
    says = {
        "last_day": frozenset({"deadline"}),
        "by_five": frozenset(),
        "send_by": frozenset({"send_by"}),
        "extension": frozenset({"last_day"}),
        "send_today": frozenset(),
        "due_today": frozenset(),
        "extension_only": frozenset({"deadline", "last_day"}),
        "passed": frozenset({"deadline"}),
        "unknown": frozenset({"deadline"}),
        "then": frozenset({"key"}),
        "plainer": frozenset({"key"}),
    }
    shares = Question.shares | DATE
    for_anybody = True

    unasked = frozenset({"passed", "unknown"})

    @property
    def plain(self) -> bool:
        return False

    def wants(self) -> frozenset[str]:
        return FOR_A_DEADLINE

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.open}

    def enter(self, scene: Scene) -> Decision:
        standing = self._standing(scene)
        scene = structs.replace(scene, memory=self._kept(scene))
        if standing not in ("passed", "unknown"):
            return super().enter(scene)
        said = scene.words.say(*self._sentences(scene, standing))
        return Go(getattr(self, standing), scene.memory, (said,))

    def _kept(self, scene: Scene) -> Memory:
        last_day = noted_deadline(scene.memory.notes).deadline.isoformat()
        return scene.memory.note(self.keep, last_day) if self.keep else scene.memory

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        on = words.speech(own(scene.at, "plainer" if cue.attempt == 2 else "then"), key=Key(ON))
        if cue.attempt:
            return (self.lead(scene, cue), words.say(on))
        return (words.say(*self._sentences(scene, self._standing(scene)), on),)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        return Go(getattr(self, self._standing(scene)), scene.memory) if keys == ON else Wrong()

    def _standing(self, scene: Scene) -> str:
        """Which exit today's date calls for."""
        found = noted_deadline(scene.memory.notes)
        status = found.status(scene.desk.today)
        if status is None:
            return "unknown"
        late_to_send = found.send_by is not None and found.send_by < scene.desk.today
        return "send_today" if status is Status.open and late_to_send else status

    def _sentences(self, scene: Scene, standing: str) -> list[Speech]:
        """The sentences for where the caller stands, in the order they are said."""
        found = noted_deadline(scene.memory.notes)
        names = {
            "open": ["last_day", *_when_to_send(found)],
            "send_today": ["last_day", "send_today"],
            "due_today": ["last_day", "due_today"],
        }.get(standing, [standing])
        days = {
            "deadline": found.deadline,
            "send_by": found.send_by or found.deadline,
            "last_day": found.tribunal_last_day or found.deadline,
        }
        said = {name: said_date(day, scene.words) for name, day in days.items()}
        return [scene.words.speech(own(scene.at, name), **said) for name in names]


def _when_to_send(found: Deadline) -> list[str]:
    by = "by_five" if found.send_by == found.deadline else "send_by"
    return [by, "extension"] if found.tribunal_last_day != found.deadline else [by]


KIND = SayDeadline
