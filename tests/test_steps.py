"""Every kind of step does what its table of cases says; a kind without a table fails."""

import inspect
from pathlib import Path

import pytest

from ivr.engine.events import Digits, NoInput
from ivr.engine.prompts import BLANK
from ivr.engine.question import ATTEMPTS, Question
from ivr.engine.step import Step
from ivr.engine.yaml import read
from ivr.steps import KINDS
from tests.steps.table import Case, Table, exits_taken, full, mismatches, said_or_sent, tables, to_a_young_person

TABLES = tables()
EXAMPLE = "In a flow:"
ALL_CASES = pytest.mark.parametrize(
    ("table", "case"),
    [pytest.param(table, case, id=f"{kind}: it {case.it}") for kind, table in TABLES.items() for case in table.cases],
)


def test_every_kind_has_a_table_and_every_table_a_kind() -> None:
    assert sorted(TABLES) == sorted(KINDS)


@ALL_CASES
def test_it(table: Table, case: Case) -> None:
    assert mismatches(table, case) == []


@ALL_CASES
def test_a_young_person_hears_and_reads_it_in_words_of_their_own(table: Table, case: Case) -> None:
    parent, young = said_or_sent(table, case), said_or_sent(table, to_a_young_person(case))
    assert young.upper() == parent.upper()
    assert [part for part in phrases(table) if part in young and part not in str(table.before(case))] == []


def phrases(table: Table) -> set[str]:
    """The words between the blanks of all sentences that a parent may hear, where there are two at least."""
    texts = (sentence.text for sentence in table.flows().words.sentences.values())
    parts = {part.strip() for text in texts for part in BLANK.split(text)[::2]}
    return {part for part in parts if " " in part and part != part.upper()}


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_cases_of_a_kind_are_called_alike(kind: str) -> None:
    names = [case.it for case in TABLES[kind].cases]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_every_exit_of_a_kind_is_taken_by_some_case(kind: str) -> None:
    table, steps = TABLES[kind], TABLES[kind].flows().steps
    passed_through = {full(name) for name in table.flow}
    heard_by_advisers = {full("offer")}
    heard_meanwhile = {full("waiting")}
    for at, taken in exits_taken(table).items():
        exits = {str(target) for _, target in steps[at].exits()} if steps[at].kind == kind else set()
        assert exits - passed_through - heard_by_advisers - heard_meanwhile <= taken, at


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if issubclass(kind, Question)])
def test_every_question_is_tried_with_silence_wrong_keys_and_the_keys_that_always_mean_the_same(kind: str) -> None:
    table = TABLES[kind]
    tries = {(case.event(), table.before(case).attempts) for case in table.cases}
    assert {event for event, _ in tries} >= {Digits(key) for key in "0*#"}
    assert tries >= {(NoInput(), attempt) for attempt in range(ATTEMPTS)}
    wrong = {case.attempts for case in table.cases if case.presses and case.attempts}
    assert wrong >= set(range(1, ATTEMPTS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_in_a_kinds_docstring_can_be_used_as_it_stands(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(_example(KINDS[kind]))
    source = read(file, file.name)
    assert not source.problems
    shown = [entry for entry in source.content.values() if isinstance(entry, dict) and entry["kind"] == kind]
    assert shown
    for entry in shown:
        step = KINDS[kind].model_validate(entry, context={"flow": "example"})
        assert all("/" in target for _, target in step.exits())


def _example(kind: type[Step]) -> str:
    """What stands indented under “In a flow:”, up to the next line that is not."""
    _, _, after = (inspect.getdoc(kind) or "").partition(EXAMPLE)
    block: list[str] = []
    for line in after.splitlines()[1:]:
        if line and not line.startswith("    "):
            break
        block.append(line)
    return inspect.cleandoc("\n" + "\n".join(block))


def test_a_table_writes_steps_of_its_own_flow_without_its_name() -> None:
    assert full("bread") == "town/bread"
    assert full("person/ring") == "person/ring"
