"""Each line of the log is one line, plain and as JSON, with the same words for the same event and fields as keys."""

import ast
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ivr
from ivr.log import FIELD, FORMAT, RESERVED, JsonFormatter, PlainFormatter
from ivr.worker.clock_check import IMPLAUSIBLE

HERE = Path(ivr.__file__).parent
LOGGERS = ("log", "LOGGER")
LEVELS = {"debug": 0, "info": 0, "warning": 0, "error": 0, "exception": 0, "critical": 0, "log": 1}
"""The methods of a logger, and which of their arguments is the template."""
CONSTANTS = {"IMPLAUSIBLE": IMPLAUSIBLE}
WHOLE_LINES = {"ivr/commands/serve.py", "ivr/commands/worker.py", "ivr/commands/console.py", "ivr/log.py"}
"""Where sentences of settings and of the start are logged as they are."""
PLACEHOLDER = re.compile(r"%[a-z]")
PLAIN, JSON = PlainFormatter(FORMAT), JsonFormatter()
DOCS = (HERE.parent / "docs/monitoring.md").read_text("utf-8")


class Call(NamedTuple):
    """A call of a logger in the program."""

    where: str
    template: str
    arguments: int


def calls() -> Iterator[Call]:
    for path in sorted(HERE.rglob("*.py")):
        name, source = str(path.relative_to(HERE.parent)), path.read_text("utf-8")
        if not any(logger in source for logger in LOGGERS):
            continue  # reading every file takes seconds, before the first test
        for node in filter(is_logging, ast.walk(ast.parse(source))):
            assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            first = LEVELS[node.func.attr]
            template = template_of(node.args[first]) if len(node.args) > first else None
            if template is None:
                assert name in WHOLE_LINES, f"{name}:{node.lineno}"
                continue
            is_starred = any(isinstance(one, ast.Starred) for one in node.args)
            given = len(PLACEHOLDER.findall(template)) if is_starred else len(node.args) - 1 - first
            yield Call(f"{name}:{node.lineno}", template, given)


def is_logging(node: ast.AST) -> bool:
    """Whether something is a call of a logger of ours."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id in LOGGERS


def template_of(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return CONSTANTS.get(node.id) if isinstance(node, ast.Name) else None


CALLS = list(calls())
every_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.where)


def record(template: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("ivr.one", logging.WARNING, "one.py", 1, template, args, None)


def sample(template: str, number: int, text: str) -> list[object]:
    return [number if one == "%d" else text for one in PLACEHOLDER.findall(template)]


def test_there_are_lines_to_look_at() -> None:
    assert len(CALLS) > 60


@every_call
def test_every_line_has_its_event_first_and_its_fields_behind_it(call: Call) -> None:
    names = [name for name, _ in FIELD.findall(call.template)]
    placeholders = PLACEHOLDER.findall(call.template)
    assert len(placeholders) == call.arguments
    alone = call.template.endswith(": %s") and len(placeholders) == 1
    assert len(names) == len(placeholders) or alone, "write name=%s, or one reason at the end"
    assert not set(names) & RESERVED
    assert len(set(names)) == len(names)
    assert "\n" not in call.template


@every_call
def test_every_line_holds_in_both_formats(call: Call) -> None:
    line = record(call.template, *sample(call.template, 7, "two\nlines, \x1b[31m and “signs”"))
    plain = PLAIN.format(line)
    assert "\n" not in plain and "\x1b" not in plain
    printed = JSON.format(line)
    assert "\n" not in printed and printed.isascii()
    found = json.loads(printed)
    other = json.loads(JSON.format(record(call.template, *sample(call.template, 8, "something else"))))
    assert found["message"] == other["message"], "the same words each time, to search for"
    assert found["message"] in plain
    assert set(found) - RESERVED == {name for name, _ in FIELD.findall(call.template)} or set(found) - RESERVED == {
        "reason"
    }
    assert found["level"] == "WARNING"


@given(st.text(max_size=200), st.integers())
def test_whatever_is_logged_is_one_line(text: str, number: int) -> None:
    line = record("sms sent: id=%s attempt=%d", text, number)
    assert len(PLAIN.format(line).splitlines()) == 1
    assert json.loads(JSON.format(line))["id"] == text
    assert json.loads(JSON.format(line))["attempt"] == number


def test_a_traceback_is_told_without_the_words_of_the_error() -> None:
    try:
        raise ValueError("+447700900123")
    except ValueError:
        says = "Exception in ASGI application\n"
        line = logging.LogRecord("uvicorn.error", logging.ERROR, "a.py", 1, says, None, sys.exc_info())
    for printed in (PLAIN.format(line), JSON.format(line)):
        assert "ValueError at " in printed and "7700900123" not in printed
        assert len(printed.splitlines()) == 1
    assert json.loads(JSON.format(line))["message"] == "Exception in ASGI application"


def test_the_lines_that_the_page_explains_are_those_of_the_program() -> None:
    table = DOCS.partition("## The log")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    events = {call.template.partition(": ")[0] for call in CALLS} | {"call ended"}
    assert len(told) >= 20
    assert [one for one in told if not any(event.startswith(one) for event in events)] == []
