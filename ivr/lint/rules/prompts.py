"""Rules about prompts: that each is written and used, what it must not say, and how long it takes to say."""

import re
from collections.abc import Iterator

from ivr.engine.content import SERVICE, Content
from ivr.engine.prompts import BLANK
from ivr.engine.step import own
from ivr.errors import Problem
from ivr.lint.context import LintContext
from ivr.lint.limits import ANSWER, BANNED, FILLERS, GREETING
from ivr.lint.registry import rule
from ivr.lint.routes import greeting, longest_seconds
from ivr.lint.sentences import shared_sentences, spoken, wanted

NEVER_SAID = re.compile(rf"\b(?:{'|'.join(map(re.escape, (*BANNED, *FILLERS)))})\b", re.IGNORECASE)
ADDRESS = re.compile(
    r"\S*@\S*|\bwww\b\S*|\bhttps?:\S*|\b[\w-]+\.(?:uk|org|com|net|gov)\b[\w./]*|\bdot \w+(?: \w\b)*", re.IGNORECASE
)
SAYABLE = frozenset(".,;:?!'’‘“”\"()–—-£%")


@rule("missing_prompt", "start", "Everything that a step says is written down.")
def missing_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that a step, a topic or the service wants, and that no prompt file has."""
    folder = f"prompts/{content.language.tag}"
    for at, step in content.steps.items():
        flow, _, entry = at.partition("/")
        for name in step.sentences().keys() - step.optional_sentences():
            if own(at, name) not in content.sentences:
                says = f"{at} says “{name}”, and {folder}/{flow}.yaml has no “{name}” under “{entry}”"
                yield content.at_step(at, says)
    for flow, sentence in content.topics.items():
        if sentence not in content.sentences:
            name = sentence.split(".")[1]
            says = f"the topic is “{name}”, and {folder}/{flow}.yaml has no such sentence"
            yield content.sources[f"flows/{flow}.yaml"].problem(says, "topic")
    for name in shared_sentences(content.steps.values()):
        if f"{SERVICE}.{name}" not in content.sentences:
            yield Problem(f"{folder}/{SERVICE}.yaml", 1, f"“{name}” is missing: the program says it in many places")


@rule("unused_prompt", "start", "Every sentence that is written down is said somewhere.")
def unused_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that no step, no topic and not the service says: often one that was misspelt."""
    used = {one.name for one in wanted(content)}
    for name in content.sentences:
        at = "/".join(name.split(".")[:2])
        if name not in used and (at in content.steps or at not in content.named):
            yield content.at_sentence(name, "nobody says this sentence")


@rule("wrong_blank", "start", "The blanks in a sentence are the ones that the program fills.")
def wrong_blank(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a blank that nobody fills, and one that is filled but left out, so that the caller would not hear it."""
    for name, filled, optional in wanted(content):
        if name not in content.sentences:
            continue
        blanks = content.sentences[name].blanks
        for blank in sorted(blanks - filled):
            known = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "no blanks"
            yield content.at_sentence(name, f"nothing fills {{{blank}}} here; this sentence has {known}")
        for blank in sorted(filled - blanks - optional):
            yield content.at_sentence(name, f"{{{blank}}} is left out, so the caller would not hear it")


@rule("banned_words", "release", "Nobody is blamed, frightened, or kept waiting for words that say nothing.")
def banned_words(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a word or a phrase of the list in `ivr/lint/limits.py`, in a sentence that is said."""
    for name, text in spoken(content).items():
        for found in NEVER_SAID.findall(text):
            why = "is on the list of what we never say" if found.lower() in BANNED else "says nothing: leave it out"
            yield content.at_sentence(name, f"“{found}” {why}")


@rule(
    "address_read_out",
    "release",
    "No address is read out letter by letter: nobody can write it down, and a text can carry it.",
)
def address_read_out(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a web or e-mail address, or one that is spelt (“dot u k”), in a sentence that is said."""
    for name, text in spoken(content).items():
        for address in ADDRESS.findall(text):
            yield content.at_sentence(name, f"“{address}” is an address: name whose website it is, and offer a text")


@rule(
    "unsayable_sign",
    "release",
    "Everything that is said can be said by a voice: no sign that one reads out, or leaves out, as it pleases.",
)
def unsayable_sign(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a character that is no letter, figure or mark of punctuation, such as / or & or a smiling face."""
    for name, text in spoken(content).items():
        signs = {sign for sign in BLANK.sub("", text) if not (sign.isalnum() or sign.isspace() or sign in SAYABLE)}
        if signs := signs - {"@"}:  # address_read_out reports an address
            listed = ", ".join(f"“{sign}”" for sign in sorted(signs))
            yield content.at_sentence(name, f"no voice can be trusted with {listed}: write it in words")


@rule("long_greeting", "release", "The greeting is over in ten seconds: then the choices begin.")
def long_greeting(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report everything that is said from the answer of a call to its first question."""
    at, seconds = greeting(content, context)
    if seconds > GREETING and at in content.steps:
        yield content.at_step(at, f"the greeting lasts {seconds:.0f} seconds, and {GREETING:.0f} are the most")


@rule("long_answer", "release", "Nothing is said for longer than half a minute without a stop.")
def long_answer(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a page, or any other turn, of more than 30 seconds; in whichever language it is longest."""
    for at, seconds in longest_seconds(context).items():
        if seconds > ANSWER and not content.steps[at].levels:
            says = f"{at} speaks for {seconds:.0f} seconds without a stop, and {ANSWER:.0f} are the most"
            yield content.at_step(at, says)
