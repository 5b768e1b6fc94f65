"""Checks the words of an emergency message by the linter: it takes seconds, and is imported when it is needed."""

from datetime import datetime
from pathlib import Path

from ivr.helpline.timezone import today_in_london
from ivr.staff.emergency import MessageCheck


def check_message(text: str, folder: Path, now: datetime) -> MessageCheck:
    """Return how long a message takes, and why it may not be told by the helpline of a folder."""
    from ivr.commands.lint_context import context_for
    from ivr.engine.content_reader import read_content
    from ivr.lint.emergency import refusals
    from ivr.steps import KINDS

    content = read_content(folder, KINDS)
    context = context_for(content, today_in_london(now), with_voice=True)
    return MessageCheck(context.measure((" ".join(text.split()),)), tuple(refusals(text, content, context)))
