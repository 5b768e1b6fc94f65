"""Tells the verbs of a document where their words come from, and finds them again in the next answer to it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from ivr.simulator.twiml.prompts import SayOrigin, SpokenPrompt
from ivr.simulator.twiml.timing import Sound
from ivr.simulator.twiml.verbs import Gather, Say, Speakable, Verb


def attributed(verbs: tuple[Verb, ...], origins: Iterator[SayOrigin]) -> tuple[Verb, ...]:
    """Return the verbs, each Say with its origin, in the order in which they stand."""

    def of(verb: Verb) -> Verb:
        if isinstance(verb, Gather):
            return replace(verb, nested=tuple(_with_origin(one, origins) for one in verb.nested))
        return _with_origin(verb, origins) if isinstance(verb, Say) else verb

    return tuple(map(of, verbs))


def _with_origin(verb: Speakable, origins: Iterator[SayOrigin]) -> Speakable:
    return replace(verb, origin=next(origins)) if isinstance(verb, Say) else verb


def from_prompt(verbs: tuple[Verb, ...], number: int, place: tuple[str, ...]) -> tuple[Verb, ...]:
    """Return the verbs from a Say on, and of that only from the prompt at a place on; all, if there is no such Say."""
    for index, verb in enumerate(verbs):
        nested: tuple[Speakable, ...] = (
            verb.nested if isinstance(verb, Gather) else (verb,) if isinstance(verb, Say) else ()
        )
        for inner, one in enumerate(nested):
            if isinstance(one, Say) and one.origin and one.origin.number == number:
                rest = (_from_place(one, place), *nested[inner + 1 :])
                first = (replace(verb, nested=rest),) if isinstance(verb, Gather) else rest
                return (*first, *verbs[index + 1 :])
    return verbs


def _from_place(say: Say, place: tuple[str, ...]) -> Say:
    """Return a Say without what comes before the first prompt at a place."""
    prompts = say.origin.prompts if say.origin else ()
    before = [*takewhile(lambda prompt: prompt.place != place, prompts)]
    if not say.origin or len(before) == len(prompts):
        return say
    origin = replace(say.origin, prompts=prompts[len(before) :])
    return Say(_after(say.once, _count(before)), say.loop, origin)


def _count(prompts: list[SpokenPrompt]) -> int:
    return sum(len(prompt.words.split()) for prompt in prompts)


def _after(sounds: tuple[Sound, ...], words: int) -> tuple[Sound, ...]:
    """Return the sounds after so many words; a pause in speech stands between two prompts."""
    for place, sound in enumerate(sounds):
        if words <= 0 and sound.text:
            return sounds[place:]
        words -= len(sound.text.split())
    return sounds
