"""Every warning finds what its table of cases says; one without a table fails. None of them stops anything."""

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from pydantic import TypeAdapter
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from ivr.commands.check import check
from ivr.config import CONTENT
from ivr.warnings import WARNINGS
from tests.checks.table import GOOD, Case, content_of

HERE = Path(__file__).parent / "warnings"
LAST_DAY_WITHOUT_A_WARNING, LATER = "2027-05-01", "2029-01-01"


class DatedCase(Case):
    """What one warning finds on a day."""

    today: date


TABLES = {
    path.stem: TypeAdapter(list[DatedCase]).validate_python(YAML(typ="safe").load(path))
    for path in sorted(HERE.glob("*.yaml"))
}


def test_every_warning_has_a_table_and_every_table_a_warning() -> None:
    assert sorted(TABLES) == sorted(WARNINGS)


@pytest.mark.parametrize(
    ("warning", "case"),
    [pytest.param(name, case, id=f"{name}: it {case.it}") for name, cases in TABLES.items() for case in cases],
)
def test_it(warning: str, case: DatedCase, tmp_path: Path) -> None:
    assert [str(one) for one in WARNINGS[warning](content_of(case.files, tmp_path), case.today)] == case.found


def checked(*arguments: str) -> Result:
    app = typer.Typer(rich_markup_mode=None)
    app.command()(check)
    return CliRunner().invoke(app, arguments)


def test_what_should_be_seen_to_soon_is_told_and_is_no_mistake() -> None:
    result = checked("--folder", str(GOOD), "--today", LATER)
    assert result.exit_code == 0
    assert "flows/hours.yaml:7: these hours were good until 2027-05-01; confirm them anew (warning)\n" in result.stderr
    assert "all is well, 2 to see to soon" in result.stdout


def test_a_helpline_with_nothing_to_see_to_is_not_told_anything() -> None:
    result = checked("--folder", str(GOOD), "--today", LAST_DAY_WITHOUT_A_WARNING)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("all is well\n")


def test_a_machine_can_tell_a_warning_from_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hours.yaml").write_text((GOOD / "flows" / "hours.yaml").read_text())
    result = checked("--folder", str(tmp_path), "--today", LATER, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {one["warning"] for one in found if one["file"] == "flows/hours.yaml"} == {True}
    assert {one["warning"] for one in found if one["file"] != "flows/hours.yaml"} == {False}


def test_our_own_hours_stand_there_to_be_confirmed() -> None:
    assert "must confirm them before" in (CONTENT / "flows" / "hours.yaml").read_text()
