"""`ivr check` and `ivr facts`: warnings stop nothing, and what is safe to fix is fixed."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
import typer
from typer.testing import CliRunner, Result

from ivr.commands.check import check
from ivr.commands.facts import facts
from ivr.config import CONTENT
from ivr.lint.pages import rules_page
from tests.lint.helplines import GOOD, edit

FRESH, LATER = "2026-11-23", "2027-05-02"
A_YEAR_LATER = "2027-11-29"
WRONG_USE = 2
AT_MOST_TO_RING = 3
"""Whom somebody rings about facts that run out on one day."""
MOST_MODULES = 170
COUNT_MODULES = """
import sys
from ivr.cli import app
sys.argv = ["ivr", "check", *sys.argv[1:]]
try:
    app()
finally:
    print(sum(name.partition(".")[0] == "ivr" for name in sys.modules), file=sys.stderr)
"""


def ran(command: object, *arguments: str, env: dict[str, str] | None = None) -> Result:
    app = typer.Typer(rich_markup_mode=None)
    app.command()(command)  # type: ignore[type-var]
    return CliRunner().invoke(app, arguments, env=env)


def checked(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return ran(check, "--no-voice", *arguments, env=env)


def test_what_should_be_seen_to_soon_is_told_and_is_no_mistake() -> None:
    result = checked("--folder", str(GOOD), "--today", LATER)
    assert result.exit_code == 0
    assert "flows/hours.yaml:8:" in result.stderr
    assert "this was good until 2027-05-01, and is not said any more; check it anew" in result.stderr
    assert "no errors, 4 warnings" in result.stdout


def test_a_fact_that_has_run_out_is_a_mistake_for_whoever_is_strict() -> None:
    assert checked("--folder", str(GOOD), "--today", "2027-05-01", "--strict").exit_code == 0
    result = checked("--folder", str(GOOD), "--today", LATER, "--strict", "--json")
    assert result.exit_code == 1
    assert {(one["severity"], one["rule"]) for one in json.loads(result.stdout)} == {("error", "expired_fact")}


def test_the_clock_that_a_developer_stopped_is_the_one_that_facts_are_judged_by() -> None:
    now = {"IVR_NOW": "2027-05-01T23:30:00+00:00"}  # half past midnight in London, on the day after
    assert "4 warnings" in checked("--folder", str(GOOD), env=now).stdout


def test_a_helpline_with_nothing_to_see_to_is_not_told_anything() -> None:
    result = checked("--folder", str(GOOD), "--today", FRESH)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("no errors, no warnings\n")


@pytest.fixture
def helpline(tmp_path: Path) -> Path:
    """A copy of the good helpline."""
    return Path(copytree(GOOD, tmp_path / "helpline"))


def test_a_machine_is_told_where_how_bad_which_rule_and_what(helpline: Path) -> None:
    edit(helpline, "prompts/en-GB/person.yaml", "unheard: We did not hear you.", "unheard: That was invalid.")
    result = checked("--folder", str(helpline), "--today", FRESH, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "file": "prompts/en-GB/person.yaml",
            "line": 16,
            "severity": "error",
            "rule": "banned_words",
            "says": "“invalid” is on the list of what we never say",
            "about": "person.record.unheard",
            "accepted": False,
        }
    ]


def test_a_folder_that_is_no_helpline_is_a_wrong_use_and_no_finding(tmp_path: Path) -> None:
    result = checked("--folder", str(tmp_path))
    assert result.exit_code == WRONG_USE
    assert "there is no flows/ in" in result.stderr


def test_every_finding_has_a_rule_that_the_docs_list(helpline: Path) -> None:
    (helpline / "flows" / "school.yaml").write_text("steps: [\n")
    (helpline / "flows" / "helpline.yaml").write_text("answer: front/hello\n")
    edit(helpline, "flows/front.yaml", "lost:\n  kind: say", "lost:\n  kind: sai")
    edit(helpline, "prompts/en-GB/front.yaml", "bye: Thank you for calling. Goodbye.", "bye:")
    found = json.loads(checked("--folder", str(helpline), "--today", FRESH, "--json").stdout)
    listed = "\n".join(rules_page())
    assert len(found) > 1
    assert [one for one in found if f"| `{one['rule']}` |" not in listed] == []


def test_a_check_imports_no_more_of_the_program_than_it_needs() -> None:
    command = [sys.executable, "-c", COUNT_MODULES, "--folder", str(GOOD), "--today", FRESH]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CONTENT, check=True)
    assert int(done.stderr) < MOST_MODULES


def test_what_is_safe_to_mend_is_mended_told_and_leaves_comments_as_they_are(helpline: Path) -> None:
    before = {path: path.read_text("utf-8") for path in helpline.rglob("*.yaml")}
    edit(helpline, "flows/school.yaml", "    3: {say: main", "    # the way home\n    5: {say: main")
    edit(helpline, "flows/front.yaml", "lost:\n", "lost:  \n")
    edit(helpline, "prompts/en-GB/texts.yaml", "or see owl.example.", "or see the “Owl” at owl.example.")
    result = checked("--folder", str(helpline), "--today", FRESH, "--fix")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines() == [
        "flows/front.yaml:15: the spaces at the end of this line are gone (fixed)",
        "flows/school.yaml:17: the key 5 is 3 now (fixed)",
        "prompts/en-GB/texts.yaml:6: curly quotes are straight now (fixed)",
    ]
    assert "    # the way home\n    3: {say: main" in (helpline / "flows/school.yaml").read_text("utf-8")
    assert 'or see the "Owl" at' in (helpline / "prompts/en-GB/texts.yaml").read_text("utf-8")
    touched = {helpline / name for name in ("flows/school.yaml", "prompts/en-GB/texts.yaml")}
    assert {path: path.read_text("utf-8") for path in before.keys() - touched} == {
        path: text for path, text in before.items() if path not in touched
    }


def test_keys_in_another_order_are_numbered_as_they_stand(helpline: Path) -> None:
    edit(helpline, "flows/school.yaml", "    1: {say: owl", "    2: {say: owl")
    edit(helpline, "flows/school.yaml", "    2: {say: talk", '    "1": {say: talk')
    checked("--folder", str(helpline), "--today", FRESH, "--fix")
    mended = (helpline / "flows/school.yaml").read_text("utf-8")
    assert "    1: {say: owl" in mended
    assert "    2: {say: talk" in mended


def test_a_person_is_told_what_to_check_and_what_runs_out_soonest_first(helpline: Path) -> None:
    edit(helpline, "flows/contacts.yaml", "good_until: 2027-05-01", "good_until: 2026-12-01")
    listed = json.loads(ran(facts, "--folder", str(helpline), "--today", FRESH, "--json").stdout)
    assert [one["name"] for one in listed] == ["owl", "", "two_months", "procedure", "mole"]
    assert listed[0] == {
        "file": "flows/contacts.yaml",
        "line": 1,
        "name": "owl",
        "what": "the Owl",
        "sure": "V",
        "source": "a made-up book of numbers",
        "source_date": "2026-10",
        "checked_on": "2026-11-01",
        "good_until": "2026-12-01",
        "days_left": 8,
        "to_check": "a live call",
        "ask": {"whom": "the Owl", "question": "Is this your number?"},
    }
    table = ran(facts, "--folder", str(helpline), "--today", FRESH).stdout
    assert table.index("flows/contacts.yaml:1") < table.index("flows/hours.yaml:1") < table.index("flows/rules.yaml:1")


UNSAID = """
bat:
  name: the Bat
  sure: K
  source: hearsay
  checked_on: 2026-11-01
  good_until: 2026-12-01
  to_check: whether there is one
  ask: {whom: the Mole, question: Is there a Bat?}
"""


def asked(helpline: Path) -> list[tuple[str, list[str]]]:
    told = json.loads(ran(facts, "--folder", str(helpline), "--today", FRESH, "--ask", "--json").stdout)
    return [(one["whom"], [each["question"] for each in one["questions"]]) for one in told]


def test_a_person_is_told_whom_to_ring_first_and_what_to_ask_them(helpline: Path) -> None:
    assert asked(helpline) == [("the Owl", ["Is this your number?"]), ("the Mole", ["Is anybody in?"])]
    edit(helpline, "flows/contacts.yaml", "good_until: 2027-11-01", "good_until: 2027-04-30")
    assert asked(helpline) == [("the Mole", ["Is anybody in?"]), ("the Owl", ["Is this your number?"])]
    sheet = ran(facts, "--folder", str(helpline), "--today", FRESH, "--ask").stdout
    assert (
        sheet.index("the Mole") < sheet.index("Is anybody in?") < sheet.index("the Owl") < sheet.index("your number?")
    )


def test_one_call_settles_all_that_somebody_knows_and_what_no_caller_hears_comes_last(helpline: Path) -> None:
    contacts = helpline / "flows/contacts.yaml"
    contacts.write_text(contacts.read_text() + UNSAID)
    assert asked(helpline) == [
        ("the Owl", ["Is this your number?"]),
        ("the Mole", ["Is anybody in?", "Is there a Bat?"]),
    ]


def test_of_two_facts_that_run_out_on_one_day_the_one_that_more_steps_say_is_asked_about_first(helpline: Path) -> None:
    edit(helpline, "flows/contacts.yaml", "good_until: 2027-11-01", "good_until: 2027-05-01")
    edit(helpline, "flows/school.yaml", "who: owl", "who: mole")
    assert [whom for whom, _ in asked(helpline)] == ["the Mole", "the Owl"]


def test_what_nobody_has_written_a_question_for_is_listed_all_the_same(helpline: Path) -> None:
    edit(helpline, "flows/contacts.yaml", "  ask: {whom: the Owl, question: Is this your number?}\n", "")
    assert asked(helpline)[0] == ("nobody is named yet", ["a live call"])


def test_no_more_facts_of_our_own_run_out_on_one_day_than_one_call_settles() -> None:
    listed = json.loads(ran(facts, "--folder", str(CONTENT), "--today", FRESH, "--json").stdout)
    by_day: dict[str, set[str]] = {}
    for one in listed:
        by_day.setdefault(one["good_until"], set()).add(one["ask"]["whom"])
    assert {day: whom for day, whom in by_day.items() if len(whom) > AT_MOST_TO_RING} == {}


def test_every_fact_of_our_own_says_what_a_person_must_still_check() -> None:
    listed = json.loads(ran(facts, "--folder", str(CONTENT), "--today", FRESH, "--json").stdout)
    assert len(listed) > 30
    assert [one["name"] for one in listed if not one["to_check"]] == []
    assert [one["name"] for one in listed if not FRESH < one["good_until"] <= A_YEAR_LATER] == []


def test_our_own_hours_stand_there_to_be_confirmed() -> None:
    assert "must confirm them before" in (CONTENT / "flows" / "hours.yaml").read_text()
