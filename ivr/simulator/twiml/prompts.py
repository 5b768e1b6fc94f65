"""The prompts that the words of a document come from, where whoever runs the app tells them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Blank:
    """What filled a blank of a prompt; `place` is that of another prompt, if its words are of one."""

    name: str
    words: str
    place: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpokenPrompt:
    """Words that were said, and the place of their prompt: its file and the path in it; none for words in no file.

    `written` is the prompt with its blanks.
    """

    words: str
    place: tuple[str, ...] = ()
    written: str = ""
    blanks: tuple[Blank, ...] = ()


PromptsIn = Callable[[str], Sequence[Sequence[SpokenPrompt]]]
"""Returns the prompts of each `<Say>` of a document, in their order; nothing for a document that it does not know."""


@dataclass(frozen=True)
class SayOrigin:
    """Where a `<Say>` comes from: the answer of the app by its number in a call, its place in it, and its prompts."""

    answer: int
    number: int
    prompts: tuple[SpokenPrompt, ...] = ()


def origins(answer: int, prompts: Sequence[Sequence[SpokenPrompt]]) -> Iterator[SayOrigin]:
    """Yield the origin of each `<Say>` of an answer in turn, without end: of some the prompts may not be known."""
    number = 0
    while True:
        yield SayOrigin(answer, number, tuple(prompts[number]) if number < len(prompts) else ())
        number += 1
