"""Plays <Gather>: keys while it speaks and after."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ivr.phone.speech import Sound, seconds_of
from ivr.phone.stops import HangUp, Key, Listen, Play, Stop, Way
from ivr.phone.verbs import Gather, Sounding
from ivr.phone.verbs import Play as PlayVerb

if TYPE_CHECKING:
    from ivr.phone.line import Line


def gathers(line: "Line", gather: Gather) -> Play:
    """Collect keys until there are enough, one ends it, or the time is up.

    Nothing pressed, or nothing but the key that ends it, goes on with the next verb, unless the empty
    result is wanted too (twilio.com/docs/voice/twiml/gather).
    """
    line.listened += 1
    listen = Listen((yield from _speaks(line, gather)), gather.timeout)
    digits = ""
    while isinstance(answer := (yield listen), Key):
        line.passes(listen.sounds, answer.at - line.tape.clock)
        if answer.key == gather.finish_on_key:
            break
        digits += answer.key
        if len(digits) == gather.num_digits:
            break
        listen = Listen((), gather.timeout, begun=True)
    else:
        if isinstance(answer, HangUp):
            line.passes(listen.sounds, answer.at - line.tape.clock)
            return Way.GONE
        line.passes(listen.sounds, seconds_of(listen.sounds) + gather.timeout)
    if digits or gather.action_on_empty_result:
        return line.asks(gather.action, gather.method, Digits=digits)
    return Way.ON


def _speaks(line: "Line", gather: Gather) -> Generator[Stop, Any, tuple[Sound, ...]]:
    """Begin to say what stands inside; how much of it is heard depends on the first key."""
    sounds: tuple[Sound, ...] = ()
    nested: list[Sounding] = []
    for verb in gather.nested:
        nested.append((yield from line.sound(verb)) if isinstance(verb, PlayVerb) else verb)
    for verb in nested:
        line.tape.speaks(line.ear, verb.text, verb.sounds, before=sounds)
        sounds += verb.sounds
    return sounds
