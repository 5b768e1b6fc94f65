"""Executes `<Gather>`: collects keys while it speaks and after."""

from collections.abc import Generator
from typing import Any

from ivr.simulator.network.answers import HangUp, Key
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import AwaitDigits, Ending, Execution, Wait
from ivr.simulator.twiml.timing import Sound, duration
from ivr.simulator.twiml.verbs import Gather, Play, Speakable


def execute_gather(line: Line, gather: Gather) -> Execution:
    """Collect keys until there are enough, the finishing key is pressed, or the time is up.

    Without digits the next verb follows, unless the empty result is asked for too
    (https://www.twilio.com/docs/voice/twiml/gather).
    """
    line.gather_count += 1
    wait = AwaitDigits((yield from _speak_nested(line, gather)), gather.timeout)
    digits = ""
    while isinstance(answer := (yield wait), Key):
        line.advance(wait.sounds, answer.at - line.transcript.clock)
        if answer.key == gather.finish_on_key:
            break
        digits += answer.key
        if len(digits) == gather.num_digits:
            break
        wait = AwaitDigits((), gather.timeout, begun=True)
    else:
        if isinstance(answer, HangUp):
            line.advance(wait.sounds, answer.at - line.transcript.clock)
            return Ending.PARTY_HUNG_UP
        line.advance(wait.sounds, duration(wait.sounds) + gather.timeout)
    if digits or gather.action_on_empty_result:
        return line.request(gather.action, gather.method, Digits=digits)
    return Ending.CONTINUE


def _speak_nested(line: Line, gather: Gather) -> Generator[Wait, Any, tuple[Sound, ...]]:
    """Begin to play the nested verbs, and return their sounds; the first key decides how much of them is heard."""
    sounds: tuple[Sound, ...] = ()
    nested: list[Speakable] = []
    for verb in gather.nested:
        nested.append((yield from line.load(verb)) if isinstance(verb, Play) else verb)
    for verb in nested:
        line.transcript.speak(line.ear, verb, before=sounds)
        sounds += verb.sounds
    return sounds
