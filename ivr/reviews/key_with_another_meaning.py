"""0, star and hash are said to do what they do."""

import re
from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.plain_english import sentences_in
from ivr.helpline.said import spoken

MEANS = {
    "0": r"\b(?:person|people|talk|speak|us|adviser|somebody|someone|help|ask)\b",
    "star": r"\b(?:again|repeat\w*|once more)\b",
    "hash": r"\b(?:back|before|finished|end)\b",
}
SAID = re.compile(r"\bpress (0|star|hash)\b", re.IGNORECASE)


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence that names one of them for what another one does."""
    for name, text in spoken(content).items():
        for sentence in sentences_in(text):
            keys = {key.lower() for key in SAID.findall(sentence)}
            meant = {key for key, words in MEANS.items() if re.search(words, sentence, re.IGNORECASE)}
            if len(keys) == 1 and meant and not keys & meant:
                (key,), other = keys, sorted(meant)[0]
                yield content.at_sentence(name, f"“{sentence}” names {key}, and that is what {other} does")
