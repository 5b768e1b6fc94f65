"""The readability of English prompts: sentences, words, syllables and the Flesch-Kincaid grade."""

import re
from collections.abc import Iterable
from functools import cache

from ivr.engine.prompts import BLANK

END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*|\{[a-z_]+\}|[0-9]+")
VOWELS = re.compile(r"[aeiouyà-ÿ]+")
SILENT_E = re.compile(r"(?:[^aeiouyl]e|[aeiouy]le|[^aeiouydt]ed|[^aeiouyscgxz]es)$")
APART = re.compile(r"^(?:scie|crea|area|quie|idea)|ia(?!l|n)|i[ou](?!s|n)|ua(?!r)|[^q]uie|ying|eing|(?<=[dglr])ua")


def sentences_in(text: str) -> list[str]:
    """Return the sentences of a prompt.

    >>> sentences_in("Hello. For school, press {key}. Is it right?")
    ['Hello.', 'For school, press {key}.', 'Is it right?']
    """
    return [sentence for sentence in END.split(text.strip()) if sentence]


def words_in(sentence: str) -> list[str]:
    """Return the words of a sentence; a blank counts as one word, whatever fills it.

    >>> words_in("For {topic}, press 0.")
    ['For', '{topic}', 'press', '0']
    """
    return WORD.findall(sentence)


def grade(texts: Iterable[str]) -> tuple[float, int]:
    """Return the Flesch-Kincaid grade of some prompts together, and the number of words it is taken from.

    Names, numbers and blanks do not count: nobody can write them in easier words.
    """
    sentences = [plain for text in texts for sentence in sentences_in(text) if (plain := _without_names(sentence))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0, 0
    syllables = sum(map(syllables_in, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59, len(words)


def _without_names(sentence: str) -> list[str]:
    """Return the words that are not names: words with a capital inside a sentence, or all in capitals, are."""
    words = words_in(sentence)
    return [
        word
        for place, word in enumerate(words)
        if word[0].isalpha() and not (word[0].isupper() and (place or word[1:].isupper())) and not BLANK.match(word)
    ]


@cache
def syllables_in(word: str) -> int:
    """Return the number of syllables of an English word, which is seldom wrong by more than one.

    >>> [syllables_in(word) for word in ("press", "council", "mediation", "complained", "people")]
    [1, 2, 4, 2, 2]
    """
    letters = re.sub(r"[^a-zà-ÿ]", "", word.lower())
    count = len(VOWELS.findall(letters)) + len(APART.findall(letters))
    return max(1, count - bool(SILENT_E.search(letters)))
