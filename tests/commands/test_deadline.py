import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
import typer
from typer.testing import CliRunner, Result

from ivr.commands.deadline import deadline

CASES = list(csv.DictReader((Path(__file__).parents[1] / "helpline/deadlines.csv").read_text("utf-8").splitlines()))


def ivr(*arguments: str) -> Result:
    app = typer.Typer(rich_markup_mode=None)  # help without frames and colours, whatever the terminal
    app.command("deadline")(deadline)
    return CliRunner().invoke(app, arguments)


def asked(case: dict[str, str]) -> list[str]:
    certificate = ["--certificate", case["certificate_date"]] if case["certificate_date"] else []
    school_only = ["--section-i-only"] if case["section_i_only"] == "yes" else []
    return [case["letter_date"], *certificate, *school_only]


def test_an_adviser_reads_what_comes_first() -> None:
    result = ivr("14/10/2026", "--today", "23/11/2026")
    assert result.exit_code == 0
    assert result.stdout.startswith("First a mediation certificate is needed.")
    assert "by Monday 14 December 2026" in result.stdout


def test_an_adviser_reads_what_to_do() -> None:
    result = ivr("14102026", "--certificate", "20 November 2026", "--today", "2026-11-23")
    assert result.exit_code == 0
    assert "by Sunday 20 December 2026, one month from the date on the mediation certificate" in result.stdout
    assert "by 5 pm on Friday 18 December 2026" in result.stdout


def test_a_machine_reads_these_keys_and_no_others() -> None:
    result = ivr("2026-10-14", "--certificate", "2026-11-20", "--today", "2026-11-23", "--json")
    assert json.loads(result.stdout) == {
        "deadline": "2026-12-20",
        "basis": "certificate",
        "send_by": "2026-12-18",
        "tribunal_last_day": "2026-12-21",
        "mediation_contact_by": "2026-12-14",
        "status": "open",
    }


@pytest.mark.parametrize("case", [c for c in CASES if c["expect"] == "ok"], ids=lambda c: c["id"])
def test_a_known_case_comes_out_as_it_should(case: dict[str, str]) -> None:
    found = json.loads(ivr(*asked(case), "--json").stdout)
    columns = {"send_by": "say_send_by"}
    for key in ("deadline", "basis", "send_by", "tribunal_last_day", "mediation_contact_by"):
        assert (found[key] or "") == case[columns.get(key, key)]


@pytest.mark.parametrize("case", [c for c in CASES if c["expect"] == "error"], ids=lambda c: c["id"])
def test_a_mistake_has_a_code_for_machines_and_a_sentence_for_people(case: dict[str, str]) -> None:
    machine, person = ivr(*asked(case), "--json"), ivr(*asked(case))
    assert (machine.exit_code, person.exit_code) == (2, 2)
    assert (machine.stdout, person.stdout) == ("", "")
    assert json.loads(machine.stderr) == {"error": case["error"]}
    assert person.stderr.strip()
    assert case["error"] not in person.stderr


@pytest.mark.parametrize("text", ["10/14/2026", "20261014", "2026-W42-3", "2026-1-5", "", "14/10/26", "9999-01-01"])
def test_a_date_that_could_be_another_is_refused(text: str) -> None:
    assert json.loads(ivr(text, "--json").stderr) == {"error": "invalid_letter_date"}
    assert json.loads(ivr("2026-10-14", "--certificate", text, "--json").stderr) == {
        "error": "invalid_certificate_date"
    }
    assert json.loads(ivr("2026-10-14", "--today", text, "--json").stderr) == {"error": "invalid_today"}


@pytest.mark.parametrize("text", ["14/10/2026", "14102026", "14-10-2026", " 2026-10-14", "14 October 2026"])
def test_a_date_is_taken_as_people_write_it(text: str) -> None:
    assert json.loads(ivr(text, "--json").stdout)["deadline"] == "2026-12-14"


def test_a_certificate_of_more_than_four_months_later_is_questioned() -> None:
    assert "check both dates" in ivr("2026-01-01", "--certificate", "2026-05-02").stdout
    assert "check both dates" not in ivr("2026-01-01", "--certificate", "2026-05-01").stdout


def test_past_the_bank_holidays_we_know_a_machine_reads_nulls() -> None:
    found = json.loads(ivr("2030-10-01", "--json").stdout)
    assert found["deadline"] == found["mediation_contact_by"] == "2030-12-01"
    assert found["send_by"] is found["tribunal_last_day"] is found["status"] is None


def test_a_letter_of_the_future_is_taken() -> None:
    found = json.loads(ivr("2027-06-10", "--today", "2026-11-23", "--json").stdout)
    assert (found["deadline"], found["status"]) == ("2027-08-10", "open")


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2026, 7, 13, 22, 59, tzinfo=UTC), "open"),
        (datetime(2026, 7, 13, 23, 0, tzinfo=UTC), "due_today"),  # midnight in London, in summer
        (datetime(2026, 7, 14, 23, 0, tzinfo=UTC), "passed"),
    ],
)
def test_today_is_londons(now: datetime, status: str) -> None:
    with time_machine.travel(now, tick=False):
        assert json.loads(ivr("2026-05-14", "--json").stdout)["status"] == status


@pytest.mark.parametrize(("hour", "told"), [(16, "Send it now"), (17, "A late appeal may still be possible")])
def test_five_o_clock_in_london_counts(hour: int, told: str) -> None:
    with time_machine.travel(datetime(2026, 12, 14, hour, tzinfo=UTC), tick=False):
        assert told in ivr("2026-10-14", "--section-i-only").stdout


def test_the_help_has_examples() -> None:
    assert "ivr deadline 14/10/2026 --certificate 20/11/2026" in ivr("--help").stdout
