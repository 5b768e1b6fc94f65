"""A database that cannot be used is told with what is wrong with it, and without its address, user or password."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from ivr.errors import DatabaseUnavailable
from ivr.store.database import Store
from ivr.store.database_errors import reason_of
from tests.store.conftest import SECRETS, postgresql_url

SECRET = "hunter2"


async def told(url: str) -> str:
    """Return what is said of a database that cannot be used."""
    async with Store(url, SECRETS, 30) as store:
        with pytest.raises(DatabaseUnavailable) as caught:
            async with store.begin():
                pass
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://ivr:hunter2@127.0.0.1:1/ivr", "nothing listens at its host and port"),
        ("postgresql://ivr:hunter2@nowhere.invalid/ivr", "nobody knows its host"),
    ],
)
async def test_a_server_that_is_not_there_is_told_apart(url: str, reason: str) -> None:
    said = await told(url)
    assert said.startswith(f"the database of DATABASE_URL cannot be reached ({reason}")
    assert SECRET not in said and "nowhere" not in said and "127.0.0.1" not in said


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "another"}, "there is no database of that name on its server"),
        ({"username": "nobody", "password": SECRET}, "its server refuses the user or the password"),
    ],
)
async def test_a_name_or_a_user_that_the_server_does_not_know_is_told_apart(
    change: dict[str, str], reason: str
) -> None:
    said = await told(make_url(postgresql_url()).set(**change).render_as_string(hide_password=False))  # type: ignore[arg-type]
    assert reason in said
    assert SECRET not in said and "another" not in said


async def test_a_file_that_cannot_be_opened_or_is_none_is_told_apart(tmp_path: Path) -> None:
    assert "its file cannot be opened" in await told(f"sqlite:///{tmp_path}/nowhere/helpline.db")
    (tmp_path / "letter.db").write_text("Dear parents, " * 100)
    assert "its file is not a database" in await told(f"sqlite:///{tmp_path}/letter.db")


def test_an_error_that_nobody_expected_is_told_by_its_kind_alone() -> None:
    error = RuntimeError("+447700900123")
    error.__cause__ = KeyError("+447700900123")
    assert reason_of(error) == "RuntimeError"
