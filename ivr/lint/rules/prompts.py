"""Rules about prompts: that each is written and used, what it must not say, and how long it takes to say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import SERVICE, Content
from ivr.engine.prompts import BLANK
from ivr.engine.validation import suggestion
from ivr.errors import Problem
from ivr.lint.limits import ANSWER, BANNED, FILLERS, GREETING
from ivr.lint.names import pairs
from ivr.lint.registry import LintContext, rule
from ivr.lint.routes import greeting, longest_seconds
from ivr.lint.sentences import missing_prompts, misspelt_in_flows, misspelt_prompts, spoken, unused_prompts, wanted

NEVER_SAID = re.compile(rf"\b(?:{'|'.join(map(re.escape, (*BANNED, *FILLERS)))})\b", re.IGNORECASE)
ADDRESS = re.compile(
    r"\S*@\S*|\bwww\b\S*|\bhttps?:\S*|\b[\w-]+\.(?:uk|org|com|net|gov)\b[\w./]*|\bdot \w+(?: \w\b)*", re.IGNORECASE
)
SAYABLE = frozenset(".,;:?!'’‘“”\"()–—-£%")


@rule("missing_prompt", "start", "Everything that a step says is written down.")
def missing_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that a step, a topic or the service wants, and that no prompt file has."""
    misspelt, here = misspelt_prompts(content), misspelt_in_flows(content)
    for name, problem in missing_prompts(content).items():
        if name in here:
            yield replace(problem, says=f"{problem.says}: is it “{here[name].rpartition('.')[2]}”?")
        elif name not in misspelt:
            yield problem


@rule("unused_prompt", "start", "Every sentence that is written down is said somewhere.")
def unused_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a sentence that no step, no topic and not the service says: often one that was misspelt."""
    meant = {written: name for name, written in misspelt_prompts(content).items()}
    exits = {str(target) for step in content.steps.values() for _, target in step.exits()}
    targets = {*content.entries.values(), *exits}
    told = set[str]()
    right = misspelt_in_flows(content).values()
    for name in (one for one in unused_prompts(content) if one not in right):
        flow, entry, *_ = name.split(".")
        at = f"{flow}/{entry}"
        if flow == SERVICE or at in content.named:
            yield content.at_sentence(name, f"nobody says this sentence{_meant(name, meant)}")
        elif at not in told | targets:  # unknown_target reports a step that is missing
            told.add(at)
            source = content.sources[content.written[name][0]]
            alone = isinstance(source.content[entry], str)
            says = f"nobody says {'this sentence' if alone else 'these sentences'}"
            steps = [step for file, step in content.named.values() if file == f"flows/{flow}.yaml"]
            why = _meant(name, meant) if alone else f": there is no step “{entry}”{suggestion(entry, steps)}"
            yield replace(source.problem(f"{says}{why}", entry), about=name if alone else at)


def _meant(name: str, meant: Mapping[str, str]) -> str:
    if name not in meant:
        return ""
    at, _, wanted = meant[name].rpartition(".")
    return f", and {at.replace('.', '/')} has no “{wanted}”: is this it?"


@rule("wrong_blank", "start", "The blanks in a sentence are the ones that the program fills.")
def wrong_blank(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a blank that nobody fills, and one that is filled but left out, so that the caller would not hear it."""
    misspelt_here = misspelt_in_flows(content)
    for name, filled, optional in wanted(content):
        if name in content.sentences:
            step = name.rpartition(".")[0]
            meant = (misspelt_here.get(f"{step}.{blank}", blank).removeprefix(f"{step}.") for blank in filled)
            yield from _wrong_blanks(content, name, frozenset(meant), optional)


def _wrong_blanks(content: Content, name: str, filled: frozenset[str], optional: frozenset[str]) -> Iterator[Problem]:
    blanks = content.sentences[name].blanks
    left_out, unfilled = filled - blanks - optional, blanks - filled
    for blank in sorted(unfilled - _of_missing(content, name) if unfilled else ()):
        known = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "no blanks"
        yield content.at_sentence(name, f"nothing fills {{{blank}}} here; this sentence has {known}")
    for blank in sorted(left_out - pairs(left_out, unfilled).keys()):
        yield content.at_sentence(name, f"{{{blank}}} is left out, so the caller would not hear it")


def _of_missing(content: Content, name: str) -> frozenset[str]:
    """Return the blanks of the prompts that its step lacks: their words may stand in this one, for want of a name."""
    step = name.rpartition(".")[0]
    missing = (one for one in wanted(content) if one.name.rpartition(".")[0] == step)
    return frozenset[str]().union(*(one.blanks for one in missing if one.name not in content.sentences))


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
    for at, seconds in longest_seconds(content, context).items():
        if seconds > ANSWER and not isinstance(content.steps[at], ChoiceQuestion):
            says = f"{at} speaks for {seconds:.0f} seconds without a stop, and {ANSWER:.0f} are the most"
            yield content.at_step(at, says)
