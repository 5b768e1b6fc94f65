"""Whatever somebody does to a line of the files, the check tells it or the helpline still works; it never breaks."""

from datetime import date
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.engine.compile import compiled
from ivr.engine.content_reader import read_content
from ivr.engine.events import Digits
from ivr.helpline.contacts import read_contacts
from ivr.helpline.environment import HelplineEnvironment
from ivr.lint.run import problems_in
from ivr.simulator.twiml.parse import parse
from ivr.steps import KINDS
from ivr.telephony.twiml import Renderer
from tests.lint.helplines import MINIMAL
from tests.made_up import LANGUAGE, begin, noon, run

FILES = sorted(path.relative_to(MINIMAL).as_posix() for path in MINIMAL.rglob("*.yaml"))
INSTEAD = st.sampled_from(
    ["", "[]", "{}", "[a, b]", "{a: b}", "x", "0", "-", ":", "*x", "{", '"', "town/menu", "topic", "{key}"]
)


def edited(line: str, how: str, instead: str) -> list[str]:
    """A line as somebody may leave it."""
    name, colon, _ = line.partition(":")
    return {
        "deleted": [],
        "resent": [line, line],
        "indented": [f"  {line}"],
        "outdented": [line.lstrip()],
        "valued": [f"{name}{colon} {instead}"],
        "renamed": [f"{line[: len(line) - len(line.lstrip())]}{instead}:{line.partition(':')[2]}"],
    }[how]


HOW = st.sampled_from(["deleted", "resent", "indented", "outdented", "valued", "renamed"])


@settings(max_examples=300)
@given(st.sampled_from(FILES), st.integers(0), HOW, INSTEAD)
@example("prompts/en-GB/helpline.yaml", 16, "renamed", "")  # its words become those of the alert above
def test_any_slip_is_told_or_does_no_harm(file: str, place: int, how: str, instead: str) -> None:
    with TemporaryDirectory() as folder:
        helpline = Path(copytree(MINIMAL, Path(folder) / "helpline"))
        lines = (helpline / file).read_text().splitlines()
        place %= len(lines)
        lines[place : place + 1] = edited(lines[place], how, instead)
        (helpline / file).write_text("\n".join(lines))
        content = read_content(helpline, KINDS)
        problems = problems_in(content)
        assert all(problem.line >= 1 and problem.says for problem in problems)
        if not problems:
            flows = compiled(content)
            environment = HelplineEnvironment(
                noon(date(2026, 11, 23)), read_contacts(content.sources["flows/contacts.yaml"])[0]
            )
            renderer = Renderer(
                {LANGUAGE.tag: LANGUAGE}, "https://helpline.example/voice"
            )  # which voices there are only Twilio knows
            reply = begin(flows, flows.answer, environment)
            for keys in ("1", "*", "7", "#", "1", "1"):
                parse(renderer.document(reply.turn, reply.at).fill("memory").decode())
                reply = run(flows, reply.at, reply.state, Digits(keys), environment)
