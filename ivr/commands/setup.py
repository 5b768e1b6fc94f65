"""`ivr setup`: asks for each setting, checks it at once, and writes it to `.env`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.output import tell
from ivr.errors import IvrError, SettingsError

NEXT = (
    ("ivr migrate", "makes the tables of the database"),
    ("ivr accounts add", "invites the first person of staff to the staff pages"),
    ("ivr serve, ivr worker, ivr console", "or the containers or units of docs/deployment.md, which run them"),
    (
        "ivr twilio connect",
        "points the numbers at this helpline, and puts the fallback where Twilio plays it without us",
    ),
    ("ivr doctor", "says what callers still need, and what mends it"),
    ("ring it", "press 0, and let it go to an adviser's mailbox: you must come back"),
)
"""What is left to do, in this order."""


def setup(
    file: Annotated[Path, typer.Option("--file", help="Where the settings are written.", show_default=True)] = Path(
        ".env"
    ),
) -> None:
    """Ask for what a helpline needs, one thing after another, check each at once, and write it to .env.

    Each question says what it is for and where to find it. Enter keeps what is set, “back” goes to the one before,
    Ctrl-C stops: what was answered is written, and the next `ivr setup` goes on there. Nothing is changed at Twilio,
    and nobody is rung. Secrets are not shown.

    Examples: `ivr setup`, `ivr setup --file /etc/helpline/.env`.
    """
    from ivr.commands.secret import new_key
    from ivr.commands.setup_checks import checks
    from ivr.config import SETTINGS
    from ivr.setting_files import SUFFIX, invalid_lines
    from ivr.setup.env_file import EnvFile
    from ivr.setup.interview import Interview

    if wrong := invalid_lines(file):
        raise SettingsError("\n".join(wrong))
    named = {name: value for name, value in os.environ.items() if name.removesuffix(SUFFIX) in SETTINGS and value}
    interview = Interview(EnvFile(file), named, checks(), _ask, tell, new_key)
    try:
        asyncio.run(interview.run())
    except EOFError:
        raise IvrError(
            f"Nobody answers any more. What was answered is in {file}: `ivr setup` goes on from there."
        ) from None
    tell(f"\nAll of it is in {file}. What is left, in this order:")
    for command, does in NEXT:
        tell(f"  {command}: {does}")


def _ask(prompt: str, is_secret: bool) -> str:
    """Read an answer; a secret is not shown, where there is a terminal that could show it."""
    if is_secret and sys.stdin.isatty():
        return str(typer.prompt(prompt.removesuffix("> "), default="", hide_input=True, show_default=False))
    tell(prompt, nl=False)
    answer = sys.stdin.readline()  # the same stream each time: another would lose what it had read ahead
    if not answer:
        raise EOFError
    return answer.rstrip("\n")
