"""The log: each of our records once, on standard error, and no other logger's."""

import logging
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ivr import log

LOGGER = logging.getLogger("ivr")
VOICE = logging.getLogger("ivr.web.voice")
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
SOON_OVER = """
import logging
import ivr.app
one = logging.getLogger("ivr.worker.scheduler")
one.info("information")
one.warning("a warning")
one.error("an error")
"""


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Reset the log, which a command that ran in this process may have begun."""
    reset()
    yield
    reset()


def reset() -> None:
    for handler in LOGGER.handlers[:]:
        LOGGER.removeHandler(handler)
    LOGGER.setLevel(logging.NOTSET)


def test_a_line_comes_out_once_with_its_time_and_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    log.begin()
    VOICE.info("state token rejected: at=%r", "welcome/main")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"{TIME} INFO state token rejected: at='welcome/main'\n", printed.err)


def test_to_begin_twice_doubles_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.begin()
    log.begin()
    VOICE.error("step failed")
    assert capsys.readouterr().err.count("step failed") == 1


def test_what_is_for_those_who_look_for_a_mistake_does_not_come_out(capsys: pytest.CaptureFixture[str]) -> None:
    log.begin()
    VOICE.debug("a detail")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["sqlalchemy.engine", "httpx2", "ivrs"])
def test_what_others_have_to_say_does_not_come_out(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.begin()
    logging.getLogger(name).info("something of theirs")
    assert capsys.readouterr().err == ""


def test_where_it_is_quiet_only_what_matters_comes_out_and_all_of_it_afterwards(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.begin()
    with log.quiet(logging.ERROR):
        VOICE.warning("state token rejected")
        VOICE.error("step failed")
    VOICE.info("ringing")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(maxsplit=3)[2:] for line in lines] == [["ERROR", "step failed"], ["INFO", "ringing"]]


def test_it_is_loud_again_after_something_broke(capsys: pytest.CaptureFixture[str]) -> None:
    log.begin()
    with pytest.raises(KeyError), log.quiet(logging.CRITICAL + 1):
        VOICE.critical("nobody hears this")
        raise KeyError
    VOICE.info("ringing")
    assert capsys.readouterr().err.endswith(" INFO ringing\n")
    assert LOGGER.level == logging.INFO


def test_a_command_that_is_soon_over_tells_warnings_and_errors_where_no_machine_reads() -> None:
    ran = subprocess.run([sys.executable, "-c", SOON_OVER], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "a warning\nan error\n")
