"""The sentences of a step are short on average."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import ENOUGH_SENTENCES, MEAN_SENTENCE
from ivr.helpline.plain_english import sentences_in, words_in
from ivr.helpline.said import by_step, spoken


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A step whose sentences, where there are three at least, have more than 15 words each on average."""
    for group in by_step(spoken(content)):
        lengths = [len(words_in(sentence)) for text in group.values() for sentence in sentences_in(text)]
        if len(lengths) >= ENOUGH_SENTENCES and (mean := sum(lengths) / len(lengths)) > MEAN_SENTENCE:
            says = f"the sentences here have {mean:.0f} words on average, and {MEAN_SENTENCE} are the most"
            yield content.at_sentence(next(iter(group)), says)
