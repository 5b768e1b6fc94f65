"""Somebody answers the questions of `ivr setup`, well and badly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ivr.config import why_refused
from ivr.errors import SettingsError
from ivr.setup.env_file import EnvFile
from ivr.setup.interview import Answers, Checks, Interview, Verdict
from ivr.setup.questions import QUESTIONS
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID

GOOD = {
    "IVR_PUBLIC_URL": "https://helpline.example",
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": "t0ken-of-ours",
    "IVR_NUMBER": "0808 157 0000",
    "IVR_CALLER_ID": "+441392000000",
    "IVR_SMS_FROM": "",
    "IVR_ADVISERS": "",
    "IVR_CANARY_NUMBER": "",
    "IVR_CALLS_PER_SECOND": "",
    "DATABASE_URL": "",
    "IVR_SMTP_URL": "",
    "IVR_PING_URL": "",
}
KEY = "k" * 43
Sit = Callable[..., "Sitting"]


class Sitting:
    """One sitting: what is answered, in order, and what was told."""

    def __init__(self, path: Path, answers: Sequence[str], environment: Answers, checks: Checks) -> None:
        self.file = EnvFile(path)
        self._answers: Iterator[str] = iter(answers)
        self.told: list[str] = []
        self.asked: list[tuple[str, bool]] = []
        self._interview = Interview(self.file, environment, checks, self._ask, self.told.append, lambda: KEY)

    def _ask(self, prompt: str, is_secret: bool) -> str:
        self.asked.append((prompt, is_secret))
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None

    async def run(self) -> "Sitting":
        await self._interview.run()
        return self


@pytest.fixture
def sit(tmp_path: Path) -> Sit:
    def sitting(answers: Sequence[str], environment: Answers | None = None, **checks: Mapping[str, object]) -> Sitting:
        return Sitting(tmp_path / ".env", answers, environment or {}, Checks(form=why_refused, **checks))  # type: ignore[arg-type]

    return sitting


async def test_each_answer_is_written_and_a_key_is_made(sit: Sit) -> None:
    sitting = await sit(list(GOOD.values())).run()
    assert sitting.file.values() == {"IVR_SECRET_KEY": KEY} | {name: value for name, value in GOOD.items() if value}
    assert [question.setting for question in QUESTIONS] == list(GOOD)


async def test_a_bad_answer_is_asked_again_with_what_is_wrong(sit: Sit) -> None:
    answers = [*list(GOOD.values())[:4], "0808 157 0000", *list(GOOD.values())[4:]]
    sitting = await sit(answers).run()
    assert any("an 080 number may not be shown" in line for line in sitting.told)
    assert sitting.file.values()["IVR_CALLER_ID"] == GOOD["IVR_CALLER_ID"]


async def test_what_is_needed_is_not_left_out(sit: Sit) -> None:
    sitting = await sit(["", *GOOD.values()]).run()
    assert any("This is needed" in line for line in sitting.told)


async def test_back_goes_to_the_question_before(sit: Sit) -> None:
    first, second, *rest = GOOD.values()
    sitting = await sit([first, "back", "https://other.example", second, *rest]).run()
    assert sitting.file.values()["IVR_PUBLIC_URL"] == "https://other.example"


async def test_back_passes_over_what_is_not_asked(sit: Sit) -> None:
    first, *rest = GOOD.values()
    environment = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID}
    sitting = await sit([first, "back", "https://other.example", *rest[1:]], environment).run()
    assert sitting.file.values()["IVR_PUBLIC_URL"] == "https://other.example"


async def test_whoever_leaves_goes_on_where_they_were(sit: Sit) -> None:
    with pytest.raises(EOFError):
        await sit(list(GOOD.values())[:3]).run()
    sitting = await sit(["", "", "", *list(GOOD.values())[3:]]).run()
    assert {name: value for name, value in GOOD.items() if value}.items() <= sitting.file.values().items()
    assert sitting.file.values()["IVR_SECRET_KEY"] == KEY


async def test_a_secret_is_never_shown_again(sit: Sit) -> None:
    await sit(list(GOOD.values())).run()
    sitting = await sit([""] * len(GOOD)).run()
    shown = "".join((*sitting.told, *(prompt for prompt, _ in sitting.asked)))
    assert GOOD["TWILIO_AUTH_TOKEN"] not in shown
    assert KEY not in shown
    assert [one.is_secret for one in QUESTIONS] == [is_secret for _, is_secret in sitting.asked]


async def test_none_takes_an_optional_setting_out(sit: Sit) -> None:
    await sit([*list(GOOD.values())[:5], "+447700900999", *list(GOOD.values())[6:]]).run()
    sitting = await sit([*[""] * 5, "none", *[""] * 6]).run()
    assert "IVR_SMS_FROM" not in sitting.file.values()


@pytest.mark.parametrize("is_in_the_environment", [True, False])
async def test_a_secret_that_stands_in_a_file_is_not_asked_and_is_checked(
    sit: Sit, tmp_path: Path, is_in_the_environment: bool
) -> None:
    async def token(answers: Answers) -> Verdict:
        return Verdict(told=[f"of {len(answers['TWILIO_AUTH_TOKEN'])} signs"])

    (tmp_path / "token").write_text("t0ken\n")
    named = {"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")}
    if not is_in_the_environment:
        (tmp_path / ".env").write_text("".join(f"{name}={path}\n" for name, path in named.items()))
    answers = [value for name, value in GOOD.items() if name != "TWILIO_AUTH_TOKEN"]
    environment = named if is_in_the_environment else {}
    sitting = await sit(answers, environment, works={"TWILIO_AUTH_TOKEN": token}).run()
    assert "TWILIO_AUTH_TOKEN" not in sitting.file.values()
    assert len(sitting.asked) == len(GOOD) - 1
    assert "  of 5 signs" in sitting.told


async def test_a_secret_in_a_file_that_cannot_be_read_is_told_by_its_setting(sit: Sit) -> None:
    with pytest.raises(SettingsError, match=r"TWILIO_AUTH_TOKEN_FILE: .* cannot be read"):
        await sit(list(GOOD.values()), {"TWILIO_AUTH_TOKEN_FILE": "/nowhere/token"}).run()


async def test_what_is_no_account_sid_is_asked_again(sit: Sit) -> None:
    first, *rest = GOOD.values()
    sitting = await sit([first, "SK" + "0" * 32, *rest]).run()
    assert any("this must be the account SID" in line for line in sitting.told)


async def test_a_number_of_what_is_offered_is_the_answer(sit: Sit) -> None:
    async def numbers(answers: Answers) -> Sequence[str]:
        return ["01392 000001", "01392 000002"]

    answers = [*list(GOOD.values())[:3], "2", *list(GOOD.values())[4:]]
    sitting = await sit(answers, offers={"IVR_NUMBER": numbers}).run()
    assert sitting.file.values()["IVR_NUMBER"] == "01392 000002"


async def test_what_does_not_work_is_asked_again_and_not_written(sit: Sit) -> None:
    async def token(answers: Answers) -> Verdict:
        known = answers["TWILIO_AUTH_TOKEN"] == GOOD["TWILIO_AUTH_TOKEN"]
        return Verdict(told=["the account is active"]) if known else Verdict("Twilio does not know this token")

    first, second, *rest = GOOD.values()
    sitting = sit([first, second, "wrong"], works={"TWILIO_AUTH_TOKEN": token})
    with pytest.raises(EOFError):
        await sitting.run()
    assert "TWILIO_AUTH_TOKEN" not in sitting.file.values()
    sitting = await sit(["", "", "wrong", *rest], works={"TWILIO_AUTH_TOKEN": token}).run()
    assert {"  Twilio does not know this token", "  the account is active"} <= set(sitting.told)
