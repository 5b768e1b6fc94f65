"""Rules about how easily a prompt is understood: the length of sentences, hard words, abbreviations."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.lint.limits import (
    ENOUGH_SENTENCES,
    ENOUGH_WORDS,
    EVERYBODY_KNOWS,
    EXPLAINED,
    HARDEST_GRADE,
    LONG_SENTENCE,
    LONGEST_SENTENCE,
    MEAN_SENTENCE,
    TARGET_GRADE,
)
from ivr.lint.readability import grade, sentences_in, words_in
from ivr.lint.registry import LintContext, rule
from ivr.lint.sentences import spoken_by_step, spoken_sentences

SHORT_FORM = re.compile(r"\b[A-Z]{2,6}\b")


@rule("long_sentence", "release", "No sentence is longer than a listener can hold.")
def long_sentence(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence of more than 25 words."""
    for name, sentence in spoken_sentences(content):
        if (count := len(words_in(sentence))) > LONGEST_SENTENCE:
            says = f"this sentence has {count} words, and {LONGEST_SENTENCE} are the most: “{sentence[:40]}…”"
            yield content.at_sentence(name, says)


@rule(
    "longish_sentence",
    "notice",
    "A sentence is longer than is good for a listener, though it is allowed.",
    severity="warning",
)
def longish_sentence(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence of more than 20 words, up to the most that it may have."""
    for name, sentence in spoken_sentences(content):
        if LONG_SENTENCE < (count := len(words_in(sentence))) <= LONGEST_SENTENCE:
            yield content.at_sentence(name, f"this sentence has {count} words: “{sentence[:40]}…”")


@rule("long_sentences", "release", "The sentences of a step are short on average.")
def long_sentences(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step whose sentences, where there are three at least, have more than 15 words each on average."""
    for prompts in spoken_by_step(content):
        lengths = [len(words_in(sentence)) for text in prompts.values() for sentence in sentences_in(text)]
        if len(lengths) >= ENOUGH_SENTENCES and (mean := sum(lengths) / len(lengths)) > MEAN_SENTENCE:
            says = f"the sentences here have {mean:.0f} words on average, and {MEAN_SENTENCE} are the most"
            yield content.at_sentence(next(iter(prompts)), says)


@rule("hard_words", "release", "A child of ten could follow what a step says.")
def hard_words(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step whose words, where there are sixty at least, are above grade 7 (Flesch-Kincaid)."""
    for name, found in _grades(content):
        if round(found, 1) > HARDEST_GRADE:
            says = f"the words here are of grade {found:.1f}, and {HARDEST_GRADE:.0f} is the most: write shorter ones"
            yield content.at_sentence(name, says)


@rule(
    "hardish_words",
    "notice",
    "The words of a step are harder than we aim at, though they are allowed.",
    severity="warning",
)
def hardish_words(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step whose words, where there are sixty at least, are above grade 5 and not above 7 (Flesch-Kincaid)."""
    for name, found in _grades(content):
        if TARGET_GRADE < round(found, 1) <= HARDEST_GRADE:
            says = f"the words here are of grade {found:.1f}, and we aim at {TARGET_GRADE:.0f}"
            yield content.at_sentence(name, says)


def _grades(content: Content) -> Iterator[tuple[str, float]]:
    """Yield the grade of each step that has enough words, with the name of its first prompt."""
    for prompts in spoken_by_step(content):
        found, words = grade(prompts.values())
        if words >= ENOUGH_WORDS:
            yield next(iter(prompts)), found


@rule("unexplained_abbreviation", "release", "What only insiders know is explained at its first use in a step.")
def unexplained_abbreviation(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a term of the list, or any short form in capitals, that nothing explains by the end of its prompt."""
    for prompts in spoken_by_step(content):
        said = ""
        for name, text in prompts.items():
            if name in content.topics.values():
                continue  # heard by advisers, who know
            new = _terms(text) - _terms(said)
            said += f" {text}"
            for term in sorted(new):
                if not re.search(EXPLAINED.get(term, r"(?!)"), said, re.IGNORECASE):
                    yield content.at_sentence(name, f"“{term}” is not explained here, where a caller hears it first")


def _terms(text: str) -> set[str]:
    listed = {term for term in EXPLAINED if re.search(rf"\b{term}\b", text)}
    return listed | (set(SHORT_FORM.findall(text)) - EVERYBODY_KNOWS)
