"""Which steps lead to which: what the rules are built on."""

from pathlib import Path

from ivr.engine.content import Content
from ivr.engine.graph import ending, exits_of, reachable
from tests.lint.helplines import content_of

TOWN = """
hello: {kind: say, go: eat}
eat: {kind: yes_no, keep: eat, yes: isle/beach, no: bye, otherwise: ring}
ring: {kind: transfer, who: advisers, screen: offer, answered: bye, busy: bye, unanswered: bye, failed: bye, unset: bye}
offer: {kind: screen}
bye: {kind: hangup}
odd: {kind: oddity}
"""
ISLE = """
beach: {kind: say, go: sea}
sea: {kind: say, go: beach}
to_odd: {kind: say, go: town/odd}
to_nowhere: {kind: say, go: nowhere}
"""


def country(folder: Path) -> Content:
    return content_of({"flows/town.yaml": TOWN, "flows/isle.yaml": ISLE}, folder)


def test_the_exits_of_a_step_are_all_its_targets(tmp_path: Path) -> None:
    content = country(tmp_path)
    assert exits_of(content, "town/eat") == {"isle/beach", "town/bye", "town/ring"}
    assert exits_of(content, "town/ring") == {"town/offer", "town/bye"}
    assert exits_of(content, "town/bye") == set()


def test_a_step_that_could_not_be_read_has_no_exits(tmp_path: Path) -> None:
    assert exits_of(country(tmp_path), "town/odd") == set()
    assert exits_of(country(tmp_path), "town/nowhere") == set()


def test_a_call_can_come_to_all_that_its_way_leads_to(tmp_path: Path) -> None:
    content = country(tmp_path)
    assert reachable(content, ["isle/beach"]) == {"isle/beach", "isle/sea"}
    assert reachable(content, ["isle/to_nowhere", "town/bye"]) == {"isle/to_nowhere", "isle/nowhere", "town/bye"}
    assert reachable(content, []) == set()


def test_a_call_does_not_go_beyond_what_it_cannot_pass(tmp_path: Path) -> None:
    reached = reachable(country(tmp_path), ["town/hello"], passable=lambda at: at != "town/eat")
    assert reached == {"town/hello", "town/eat"}


def test_a_call_can_end_where_some_way_leads_to_a_goodbye_or_a_mistake_told_elsewhere(tmp_path: Path) -> None:
    content = country(tmp_path)
    assert content.steps.keys() - ending(content) == {"isle/beach", "isle/sea"}
