"""Everybody whom a step names is one of the contacts, our advisers, or the helpline itself."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS, FILE, OURS, read_contacts


def check(content: Content) -> Iterator[Problem]:
    """A contact that is not in the file, one to be rung that has no number to dial, and what is wrong in the file."""
    contacts, problems = read_contacts(content.sources[FILE]) if FILE in content.sources else ({}, [])
    yield from problems
    written = content.sources[FILE].content if FILE in content.sources else {}
    for at, step in content.steps.items():
        for who in {step.speaks_of(), step.rings()} - {None, ADVISERS, OURS} - written.keys():
            yield content.at_step(at, f"there is no contact “{who}” in {FILE}", "who")
        rung = contacts.get(step.rings() or "")
        if rung and not rung.dial:
            yield content.at_step(at, f"“{step.rings()}” has no number to dial in {FILE}", "who")
