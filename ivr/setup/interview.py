"""Asks for one setting after another; each answer is checked at once and written before the next is asked for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ivr.errors import SettingsError
from ivr.setting_files import SUFFIX, with_files
from ivr.setup.env_file import EnvFile
from ivr.setup.questions import KEY, QUESTIONS, Question

BACK, NONE = "back", "none"
KEPT = "(kept)"
ASKED = {KEY, *(question.setting for question in QUESTIONS)}
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """What a check found: `refused` is why an answer cannot be used, `told` what is good to know about it."""

    refused: str = ""
    told: Sequence[str] = ()


@dataclass(frozen=True)
class Checks:
    """What the interview asks of the world.

    `form` returns why the text of a setting cannot be one, or "". `works` tries an answer out, by setting; `offers`
    finds what the answer may be.
    """

    form: Callable[[str, Answers], str]
    works: Mapping[str, Callable[[Answers], Awaitable[Verdict]]] = field(default_factory=dict)
    offers: Mapping[str, Callable[[Answers], Awaitable[Sequence[str]]]] = field(default_factory=dict)


class Interview:
    """`ask` gets a prompt and whether the answer is secret, `tell` a line. The environment goes before the file."""

    def __init__(
        self,
        file: EnvFile,
        environment: Answers,
        checks: Checks,
        ask: Callable[[str, bool], str],
        tell: Callable[[str], None],
        new_key: Callable[[], str],
    ) -> None:
        self._file, self._environment, self._checks = file, environment, checks
        self._ask, self._tell, self._new_key = ask, tell, new_key

    @property
    def answers(self) -> Answers:
        """Everything that is set."""
        return {**self._file.values(), **self._environment}

    async def run(self) -> None:
        """Ask for everything.

        Raises EOFError when nobody answers any more, and SettingsError for a secret in a file that cannot be read: what
        was answered is written.
        """
        self._make_key()
        place = 0
        while place < len(QUESTIONS):
            question = QUESTIONS[place]
            self._tell(f"\n{place + 1} of {len(QUESTIONS)}. {question.title} ({question.setting})")
            self._tell(f"  {question.explains}")
            place = self._before(place) if await self._is_back(question) else place + 1

    def _before(self, place: int) -> int:
        """Return the place of the last question before that is asked, or the same where there is none."""
        return max((one for one in range(place) if not self._why_kept(QUESTIONS[one].setting)), default=place)

    def _make_key(self) -> None:
        if self._is_set(KEY):
            return
        self._file.set(KEY, self._new_key())
        self._tell(
            f"A key was made: {KEY} in {self._file.path}. It seals what is kept of callers and cannot be replaced: "
            "keep a copy of it in a safe place, apart from the backups."
        )

    def _is_set(self, setting: str) -> bool:
        return bool({setting, f"{setting}{SUFFIX}"} & self.answers.keys())

    def _why_kept(self, setting: str) -> str:
        """Return where a setting stands that an answer would not change; "" for one that is written to the file."""
        file = f"{setting}{SUFFIX}"
        if named := {setting, file} & self._environment.keys():
            return f"{named.pop()} is set in the environment, which goes before {self._file.path}"
        return f"{file} in {self._file.path} names the file that has it" if file in self.answers else ""

    async def _is_back(self, question: Question) -> bool:
        """Ask until the answer can be used; return whether it was to go back to the question before."""
        if why := self._why_kept(question.setting):
            self._tell(f"  {why}: {KEPT}")
            self._tell_of(await self._verdict(question.setting, self.answers))
            return False
        offered = await self._offered(question)
        while True:
            given = self._ask(self._prompt(question), question.is_secret).strip()
            if given.casefold() == BACK:
                return True
            value = offered[int(given) - 1] if given.isdecimal() and 0 < int(given) <= len(offered) else given
            if await self._is_taken(question, value):
                return False

    async def _offered(self, question: Question) -> Sequence[str]:
        find = self._checks.offers.get(question.setting)
        offered = await find(self.answers) if find else ()
        for number, one in enumerate(offered, 1):
            self._tell(f"    {number}  {one}")
        return offered

    def _prompt(self, question: Question) -> str:
        if self._is_set(question.setting):
            now = "what is set now" if question.is_secret else self.answers.get(question.setting, "what is set now")
            return f"  Enter keeps {now}{f'; “{NONE}” takes it out' if question.is_optional else ''} > "
        if question.is_optional:
            return f"  Enter for {question.default or 'none'} > "
        return "  > "

    async def _is_taken(self, question: Question, value: str) -> bool:
        """Write an answer if it can be used, and say what was found."""
        setting, before = question.setting, self._file.values()
        if not value and not question.is_optional and not self._is_set(setting):
            self._tell("  This is needed. (“back” goes to the question before.)")
            return False
        wanted = "" if value.casefold() == NONE and question.is_optional else value or before.get(setting, "")
        answers = {**self.answers, setting: wanted} if wanted else {**self.answers}
        if not wanted:
            answers.pop(setting, None)
        verdict = await self._verdict(setting, answers)
        self._tell_of(verdict)
        if verdict.refused:
            return False
        if wanted == before.get(setting, ""):
            return True
        try:
            self._file.set(setting, wanted)
        except SettingsError as error:
            self._tell(f"  {error}")
            return False
        return True

    def _tell_of(self, verdict: Verdict) -> None:
        for line in filter(None, (verdict.refused, *verdict.told)):
            self._tell(f"  {line}")

    async def _verdict(self, setting: str, given: Answers) -> Verdict:
        answers = with_files(given, ASKED)
        if setting in answers and (wrong := self._checks.form(setting, answers)):
            return Verdict(wrong)
        works = self._checks.works.get(setting)
        return await works(answers) if works else Verdict()
