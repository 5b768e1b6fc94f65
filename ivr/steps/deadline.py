"""Says what a caller must do first about a decision, and the last day to appeal."""

from collections.abc import Mapping
from datetime import date

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.memory import Memory
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Speech
from ivr.helpline.deadlines import Deadline
from ivr.helpline.next_step import Certificate, NextStep, next_step
from ivr.helpline.notes import DATE, FOR_A_DEADLINE, noted_certificate, noted_deadline, said_date

ON = "1"
EXITS = {
    NextStep.get_certificate: "certificate_first",
    NextStep.get_certificate_today: "certificate_first",
    NextStep.ask_permission: "permission",
    NextStep.appeal: "appeal",
    NextStep.appeal_by_five: "appeal",
    NextStep.appeal_today: "appeal",
    NextStep.extension: "appeal",
    NextStep.late: "late",
    NextStep.unknown: "unknown",
}
"""By what comes first, the way on."""


class SayDeadline(Question):
    """What comes first is said first: without a certificate the mediation adviser, and only then the last day.

    In a flow:

        work_out:
          kind: deadline
          keep: told                # may be left out: the last day, once it was said
          certificate_first: adviser # there is time to ask for a certificate
          appeal: how               # there is a certificate, or none is needed, and it is not too late
          permission: person/ring   # the two months are over without a certificate: said at once, no key is waited for
          late: person/ring         # so are these
          unknown: person/ring      # past the bank holidays we have data for
          otherwise: person/ring
    """

    keep: str | None = None
    certificate_first: Target
    appeal: Target
    permission: Target
    late: Target
    unknown: Target
    says = {
        "certificate_first": frozenset(),
        "contact_by": frozenset({"contact_by"}),
        "contact_today": frozenset({"deadline"}),
        "tell_adviser": frozenset(),
        "appeal_until": frozenset({"deadline"}),
        "appeal_month": frozenset(),
        "permission": frozenset({"deadline"}),
        "last_day": frozenset({"deadline"}),
        "by_five": frozenset(),
        "send_by": frozenset({"send_by"}),
        "today_by_five": frozenset(),
        "send_today": frozenset(),
        "extension": frozenset({"last_day"}),
        "extension_only": frozenset({"deadline", "last_day"}),
        "no_certificate": frozenset(),
        "late": frozenset({"deadline"}),
        "unknown": frozenset({"deadline"}),
        "then": frozenset({"key"}),
        "plainer": frozenset({"key"}),
    }
    shares = Question.shares | DATE
    for_anybody = True

    unasked = frozenset({"permission", "late", "unknown"})

    @property
    def plain(self) -> bool:
        return False

    def wants(self) -> frozenset[str]:
        return FOR_A_DEADLINE

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.certificate_first}

    def enter(self, scene: Scene) -> Decision:
        exit_ = EXITS[_first(scene)]
        scene = structs.replace(scene, memory=self._kept(scene))
        if exit_ not in self.unasked:
            return super().enter(scene)
        return Go(getattr(self, exit_), scene.memory, (scene.words.say(*_sentences(scene)),))

    def _kept(self, scene: Scene) -> Memory:
        last_day = noted_deadline(scene.memory.notes).deadline.isoformat()
        return scene.memory.note(self.keep, last_day) if self.keep else scene.memory

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        on = words.speech(own(scene.at, "plainer" if cue.attempt == 2 else "then"), key=Key(ON))
        if cue.attempt:
            return (self.lead(scene, cue), words.say(on))
        return (words.say(*_sentences(scene), on),)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        return Go(getattr(self, EXITS[_first(scene)]), scene.memory) if keys == ON else Wrong()


def _first(scene: Scene) -> NextStep:
    """What comes first for this caller at this moment."""
    notes = scene.memory.notes
    return next_step(noted_deadline(notes), noted_certificate(notes), scene.desk.now)


def _sentences(scene: Scene) -> list[Speech]:
    """The sentences for where the caller stands, in the order they are said."""
    found = noted_deadline(scene.memory.notes)
    days = {
        "deadline": found.deadline,
        "contact_by": found.contact_by or found.deadline,
        "send_by": found.send_by or found.deadline,
        "last_day": found.tribunal_last_day or found.deadline,
    }
    said = {name: said_date(day, scene.words) for name, day in days.items()}
    names = _names(_first(scene), found, noted_certificate(scene.memory.notes), scene.desk.today)
    return [scene.words.speech(own(scene.at, name), **said) for name in names]


def _names(first: NextStep, found: Deadline, certificate: Certificate, today: date) -> tuple[str, ...]:
    """The names of those sentences."""
    missing = ("certificate_first",) if certificate is Certificate.missing else ()
    not_needed = ("no_certificate",) if certificate is Certificate.not_needed else ()
    extension = ("extension",) if found.tribunal_last_day != found.deadline else ()
    by_five = "by_five" if found.send_by == found.deadline else "send_by"
    match first:
        case NextStep.get_certificate:
            return (*missing, "contact_by", "tell_adviser", "appeal_until")
        case NextStep.get_certificate_today:
            return (*missing, "contact_today", "tell_adviser", "appeal_month")
        case NextStep.appeal:
            return ("last_day", by_five, *extension, *not_needed)
        case NextStep.appeal_by_five:
            return ("last_day", "today_by_five", *extension, *not_needed)
        case NextStep.appeal_today:
            return ("last_day", "send_today", *extension, *not_needed)
        case NextStep.extension:
            return ("extension_only", *not_needed)
        case NextStep.ask_permission:
            return ("permission",)
        case NextStep.late:
            return ("late",)
        case NextStep.unknown:
            return (*missing, "unknown")


KIND = SayDeadline
