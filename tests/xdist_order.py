"""How pytest-xdist shares out the tests: long ones go first, those that share something go together.

A process that is given the longest test last leaves the other with nothing to do. We schedule ourselves, because the
mark `xdist_group` does nothing with pytest 9.2 (and pytest-xdist 3.8).
"""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

WALKS = ("tests/test_walk.py::", "tests/test_all_sms.py::")
"""Their tests look at worlds, one or all; a world takes seconds to be walked."""
TOGETHER = (
    *("tests/simulator/test_browser.py", "tests/console/test_browser.py", "tests/simulator/test_browser_session.py"),
    *("tests/test_package.py", "tests/commands/test_emergency.py"),
)
"""Files whose tests share a browser, what was installed, or what was checked."""
IN_BROWSER = "_in_browser.py"
"""Ends the name of others that share a browser."""
LONG = (
    *("tests/chaos/test_runner.py", "tests/processes/", "tests/worker/test_kill.py", "tests/bench/test_"),
    *(
        "tests/simulator/test_browser",
        "tests/console/test_browser",
        "tests/test_package.py",
        "tests/lint/test_planted.py",
    ),
)
"""Prefixes of long tests, the longest first; only the worlds come before them."""


def group(nodeid: str) -> str:
    """Return the name of the group of a test, which goes to one process.

    >>> group("tests/test_walk.py::test_menus_are_short"), group("tests/test_walk.py::test_it[the last day]")
    ('tests/test_walk.py::test_menus_are_short', 'the last day')
    """
    if nodeid.startswith(WALKS) and nodeid.endswith("]"):
        return nodeid.partition("[")[2].rstrip("]")
    if IN_BROWSER in nodeid:
        return nodeid.partition("::")[0]
    return next((file for file in TOGETHER if nodeid.startswith(file)), nodeid)


def priority(nodeid: str) -> tuple[int, str]:
    """Return the priority of a test: the lower, the sooner; one world after another."""
    if nodeid.startswith(WALKS) and group(nodeid) != nodeid:
        return 0, group(nodeid)
    if IN_BROWSER in nodeid:
        return len(LONG), group(nodeid)
    return next((place for place, beginning in enumerate(LONG, 1) if nodeid.startswith(beginning)), len(LONG) + 1), ""


class OrderedScheduling(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Sends each group to one process, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def sort_by_priority(items: list[pytest.Item]) -> None:
    """Put the long ones first."""
    items.sort(key=lambda item: priority(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are cores: tests of pages wait half of their time. With more, they run out of it."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OrderedScheduling:
    config.option.loadscopereorder = False  # our order is by time, not by number
    return OrderedScheduling(config, log)
