"""What can be wrong with a translation, compared with the first language."""

from collections.abc import Iterator

from ivr.engine.content import Content, Translation
from ivr.errors import Problem


def untranslated(content: Content, translation: Translation) -> Iterator[Problem]:
    """A sentence that has not been translated, told at the first language's own."""
    for name in content.sentences:
        if name not in translation.sentences:
            yield content.at_sentence(name, f"this sentence is missing in {translation.language.tag}")


def unused(content: Content, translation: Translation) -> Iterator[Problem]:
    """A sentence that translates nothing."""
    for name in translation.sentences:
        if name not in content.sentences:
            says = f"there is no such sentence in {content.language.tag}, so nobody hears this one"
            yield content.at_translation(translation, name, says)


def other_blanks(content: Content, translation: Translation) -> Iterator[Problem]:
    """A blank too many, or one too few."""
    for name, sentence in translation.sentences.items():
        wanted = content.sentences[name].blanks if name in content.sentences else sentence.blanks
        for blank in sorted(sentence.blanks - wanted):
            yield content.at_translation(translation, name, f"{{{blank}}} is no blank of the sentence this translates")
        for blank in sorted(wanted - sentence.blanks):
            yield content.at_translation(translation, name, f"{{{blank}}} is left out in this translation")


def stale(content: Content, translation: Translation) -> Iterator[Problem]:
    """A sentence that was changed since."""
    for name, original in translation.originals.items():
        if name in content.sentences and content.sentences[name].text != original:
            now = content.sentences[name].text
            says = f"{content.language.tag} has changed since this was translated; it is now: “{now}”"
            yield content.at_translation(translation, name, says)


EVERY = (untranslated, unused, other_blanks, stale)
