"""Rules about files and their entries: what the readers of flows, prompts, contacts, rules and hours report."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline import contacts, legal_rules, opening_hours_file
from ivr.lint.registry import LintContext, rule
from ivr.lint.rules.accepted import read_accepted


def _reported(content: Content, id: str) -> Iterator[Problem]:
    """Yield what the readers of files report under a rule."""
    sources = content.sources
    problems = [*content.problems, *read_accepted(sources)[1]]
    if source := sources.get(contacts.FILE):
        problems += contacts.read_contacts(source)[1]
    problems += opening_hours_file.read_hours(sources.get(opening_hours_file.FILE))[1]
    problems += legal_rules.read_legal_rules(sources.get(legal_rules.FILE))[1]
    return (problem for problem in problems if problem.rule == id)


@rule("missing_file", "start", "There is a file that says where calls begin, and one that lists the languages.")
def missing_file(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report that one of them is not there, or has nothing in it."""
    return _reported(content, "missing_file")


@rule("yaml_syntax", "start", "Every file is YAML: names, each with a colon, and what belongs to it further right.")
def yaml_syntax(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a slip by what it is, where it is: a tab, a colon or a quote in a sentence, a line too far left or right,
    a space or a colon that is missing, a bracket that is not closed.
    """
    return _reported(content, "yaml_syntax")


@rule("duplicate_name", "start", "No name stands twice in one place: one of the two would be lost.")
def duplicate_name(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report the second one."""
    return _reported(content, "duplicate_name")


@rule("anchor_or_tag", "start", "Nothing in a file means something that stands elsewhere: there are no anchors.")
def anchor_or_tag(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a text that begins with &, * or ! and stands in no quotes."""
    return _reported(content, "anchor_or_tag")


@rule("invisible_character", "start", "Every character of a file can be seen.")
def invisible_character(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a control character, or one that has no width."""
    return _reported(content, "invisible_character")


@rule("unknown_kind", "start", "Every step is of a kind that there is.")
def unknown_kind(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a step of another kind, or of none."""
    return _reported(content, "unknown_kind")


@rule("missing_field", "start", "An entry of a file has all that it needs.")
def missing_field(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a field that a step, a contact, a rule of law, a language, the hours or the entries of calls lack."""
    return _reported(content, "missing_field")


@rule("unknown_field", "start", "An entry of a file has nothing that nobody reads.")
def unknown_field(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a field that is not one of its kind: often one that was misspelt."""
    return _reported(content, "unknown_field")


@rule("wrong_value", "start", "What stands in a field is what the field is for.")
def wrong_value(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a day that is none, a number in another form, a list where a sentence should be."""
    return _reported(content, "wrong_value")


@rule("invalid_prompt", "start", "Every prompt is a sentence that can be said.")
def invalid_prompt(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a prompt without words, which would be silence, a list, and the sign that stands for a state token."""
    return _reported(content, "invalid_prompt")


@rule("unpaired_translation", "start", "A translation is written with the sentence that it translates.")
def unpaired_translation(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report an entry of another language without the sentence in the first one, or without the translation."""
    return _reported(content, "unpaired_translation")
