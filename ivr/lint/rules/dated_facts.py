"""Rules about dated facts: rules of law, opening hours and bank holidays, and the day on which each runs out."""

from collections.abc import Iterator

from dateutil.relativedelta import relativedelta

from ivr.engine.content import Content
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline import legal_rules, opening_hours_file
from ivr.helpline.fact_list import listed_facts
from ivr.helpline.working_days import england_and_wales
from ivr.lint.limits import WARNED_AHEAD
from ivr.lint.names import pairs, wanted_in_vain
from ivr.lint.registry import LintContext, rule

A_YEAR = relativedelta(years=1)


@rule(
    "unknown_rule",
    "start",
    "Every rule of law that a step states is in the table, with its source and its dates, and may run out there.",
)
def unknown_rule(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a rule that is not in the file, and a step with no way on once it is stale."""
    source = content.sources.get(legal_rules.FILE, Source(legal_rules.FILE))
    for at, step in content.steps.items():
        if step.states and not step.stale:
            says = f"{at} states a rule, and has no “stale”: where do callers go when it may not be stated any more?"
            yield content.at_step(at, says, "states")
    wanted = _unknown(content, source)
    unwanted = source.content.keys() - _stated(content)
    yield from wanted_in_vain(wanted, source.content, unwanted, lambda name, says: source.problem(says, name))


@rule("unstated_rule", "release", "Every rule of law in the table is one that some step states.")
def unstated_rule(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a rule that nobody states: often one whose sentence has gone."""
    source = content.sources.get(legal_rules.FILE, Source(legal_rules.FILE))
    unwanted = source.content.keys() - _stated(content)
    misspelt = pairs(_unknown(content, source), unwanted).values()  # unknown_rule reports those
    for name in unwanted - set(misspelt):
        if not content.may_hold("flows/", name):
            yield source.problem(f"no step states “{name}”", name)


def _stated(content: Content) -> set[str]:
    return {name for step in content.steps.values() for name in step.stated()}


def _unknown(content: Content, source: Source) -> dict[str, list[Problem]]:
    """Return the rules that steps state and that are not in the file, with a problem for each place."""
    unknown: dict[str, list[Problem]] = {}
    for at, step in content.steps.items():
        for name in sorted(step.stated() - source.content.keys()):
            if not content.may_hold(legal_rules.FILE, name):
                problem = content.at_value(at, f"there is no rule “{name}” in {legal_rules.FILE}", name)
                unknown.setdefault(name, []).append(problem)
    return unknown


@rule(
    "unsure_rule",
    "release",
    "A rule of law that steps state is one that we are sure of, or there is a reason to state it all the same.",
)
def unsure_rule(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a rule that is not V, nor P with an `errs_early`: every step that states it is closed to callers."""
    source = content.sources.get(legal_rules.FILE, Source(legal_rules.FILE))
    for name, law in legal_rules.read_legal_rules(source)[0].items():
        if not law.is_sure:
            says = f"“{name}” is {law.sure}, and so not to be stated: verify it, or say in “errs_early” how it errs"
            yield source.problem(says, name, "sure")


@rule("unasked_fact", "release", "What must still be checked of a fact has somebody to ask, and the question to put.")
def unasked_fact(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a fact with a `to_check` and no `ask`: `ivr facts --ask` could not say whom to ring."""
    for dated in listed_facts(content):
        if dated.fact.to_check and not dated.fact.ask:
            yield dated.problem(
                "say under “ask” whom to ask about this, and the one question to put to them", "to_check"
            )


@rule(
    "bank_holidays_end",
    "notice",
    "The bank holidays we know of come to an end: opening hours and deadlines need those of the years after.",
    severity="warning",
)
def bank_holidays_end(content: Content, context: LintContext) -> Iterator[Problem]:
    """Warn from a year before the last day that we know of."""
    last = england_and_wales().last
    if context.today > last - A_YEAR:
        newer = "a newer govuk-bank-holidays has more (see docs/operating.md)"
        source = content.sources.get(opening_hours_file.FILE, Source(opening_hours_file.FILE))
        yield source.problem(f"bank holidays are known until {last} only; {newer}", "bank_holidays")


@rule(
    "impossible_dates",
    "release",
    "The dates of a fact can be: found before it was checked, checked before today, good for some time after that.",
)
def impossible_dates(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a fact checked in time to come, one that ran out before it was checked, or one whose source is younger."""
    for dated in listed_facts(content):
        checked, good, source = dated.fact.checked_on, dated.fact.good_until, dated.fact.source_date
        if checked > context.today:
            yield dated.problem(f"checked on {checked}, which is still to come", "checked_on")
        if good < checked:
            yield dated.problem(f"good until {good}, before it was checked ({checked})", "good_until")
        if source and source > checked.isoformat()[: len(source)]:
            yield dated.problem(f"a source of {source} cannot have been read on {checked}", "source_date")


@rule(
    "expiring_fact",
    "notice",
    "A fact runs out soon: there is time to check it before callers miss it.",
    severity="warning",
)
def expiring_fact(content: Content, context: LintContext) -> Iterator[Problem]:
    """Warn from sixty days before its `good_until`, to the last day that it is good."""
    for dated in listed_facts(content):
        good_until = dated.fact.good_until
        if good_until - WARNED_AHEAD <= context.today <= good_until:
            yield dated.problem(f"this is good until {good_until}; check it before then", "good_until")


@rule(
    "expired_fact",
    "notice",
    "A fact has run out: callers hear how to find out instead, until somebody has checked it anew.",
    severity="warning",
    strict=True,
)
def expired_fact(content: Content, context: LintContext) -> Iterator[Problem]:
    """Warn from the day after its `good_until`. An error under `ivr check --strict`, and never for a start or a
    release.
    """
    for dated in listed_facts(content):
        if context.today > dated.fact.good_until:
            says = f"this was good until {dated.fact.good_until}, and is not said any more; check it anew"
            yield dated.problem(says, "good_until")
