"""Rules about languages: translations compared with the first language, and dates."""

from collections.abc import Callable, Iterator

from ivr.engine.content import Content, Translation
from ivr.errors import Problem
from ivr.helpline.spoken import can_say_dates
from ivr.lint.names import pairs
from ivr.lint.registry import LintContext, rule
from ivr.lint.sentences import misspelt_prompts

LANGUAGES = "prompts/languages.yaml"
Comparison = Callable[[Content, Translation], Iterator[Problem]]


@rule("unspeakable_date", "start", "Dates can be said in the language that the prompts are in.")
def unspeakable_date(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a language in which nobody has taught us to say a date."""
    tag = content.language.tag
    if LANGUAGES in content.sources and not can_say_dates(tag):
        says = f"dates cannot be said in “{tag}”; a language is written such as en-GB"
        yield content.sources[LANGUAGES].problem(says, tag)


@rule("untranslated_prompt", "release", "A language that is complete has every sentence.")
def untranslated_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that a language lacks."""
    return _compared(content, _untranslated)


@rule("unused_translation", "release", "Every sentence of a translation is one that the first language has.")
def unused_translation(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that translates nothing: often one that was misspelt, or that has gone."""
    return _compared(content, _unused)


@rule("translation_blanks", "release", "A translation has the blanks of the sentence it translates.")
def translation_blanks(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a blank too many, or one too few."""
    return _compared(content, _other_blanks)


@rule("stale_translation", "release", "A translation is of the sentence that stands there now.")
def stale_translation(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that was changed since it was translated."""
    return _compared(content, _stale)


@rule(
    "unfinished_translation",
    "notice",
    "A language in progress is not finished yet; it is not spoken before it is complete.",
    severity="warning",
)
def unfinished_translation(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report what would be a mistake in a language that is complete."""
    for comparison in (_untranslated, _unused, _other_blanks, _stale):
        yield from _compared(content, comparison, is_complete=False)


def _compared(content: Content, comparison: Comparison, *, is_complete: bool = True) -> Iterator[Problem]:
    for translation in content.translations:
        if translation.is_complete == is_complete:
            yield from comparison(content, translation)


def _untranslated(content: Content, translation: Translation) -> Iterator[Problem]:
    for name in _absent(content, translation) - _misspelt(content, translation).keys():
        yield content.at_sentence(name, f"this sentence is missing in {translation.language.tag}")


def _unused(content: Content, translation: Translation) -> Iterator[Problem]:
    meant = {other: name for name, other in _misspelt(content, translation).items()}
    for name in translation.sentences.keys() - content.sentences.keys():
        if content.lacks_sentence(name) and name not in misspelt_prompts(content):
            is_it = f": is it “{meant[name]}”?" if name in meant else ""
            says = f"there is no such sentence in {content.language.tag}, so nobody hears this one{is_it}"
            yield content.at_translation(translation, name, says)


def _absent(content: Content, translation: Translation) -> set[str]:
    """Return the sentences that a translation certainly lacks."""
    wanted = content.sentences.keys() - set(misspelt_prompts(content).values())
    return {name for name in wanted if content.lacks_sentence(name, translation)}


def _misspelt(content: Content, translation: Translation) -> dict[str, str]:
    return pairs(_absent(content, translation), translation.sentences.keys() - content.sentences.keys())


def _other_blanks(content: Content, translation: Translation) -> Iterator[Problem]:
    for name, sentence in translation.sentences.items():
        expected = content.sentences.get(name, sentence).blanks
        for blank in sorted(sentence.blanks - expected):
            yield content.at_translation(translation, name, f"{{{blank}}} is no blank of the sentence this translates")
        for blank in sorted(expected - sentence.blanks):
            yield content.at_translation(translation, name, f"{{{blank}}} is left out in this translation")


def _stale(content: Content, translation: Translation) -> Iterator[Problem]:
    for name, original in translation.originals.items():
        if name in content.sentences and (now := content.sentences[name].text) != original:
            says = f"{content.language.tag} has changed since this was translated; it is now: “{now}”"
            yield content.at_translation(translation, name, says)
