"""`ivr talks`: the last talks of advisers, and calls back."""

from collections.abc import Iterator

from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import in_transaction
from ivr.config import read_settings
from ivr.helpline.rota import of_setting
from ivr.helpline.timezone import LONDON
from ivr.staff import talks as staff
from ivr.staff.lookup import SHOWN
from ivr.store.talk_list import Talk


def talks(as_json: AsJson = False) -> None:
    """Print the last talks and calls back, the latest first: who talked, and who was rung and did not pick up.

    Examples: `ivr talks`, `ivr talks --json`.
    """
    advisers = of_setting(read_settings().advisers)
    found = in_transaction(lambda db, cipher: staff.read(db, cipher, advisers)).items
    lines = (line for talk in found for line in _lines(talk))
    show(found, lines, as_json=as_json, nothing="Nobody has asked for an adviser yet.")


def _lines(talk: Talk) -> Iterator[str]:
    when = f"{talk.at.astimezone(LONDON):%a %d %b %H:%M}"
    length = f", {talk.seconds // 60}:{talk.seconds % 60:02}" if talk.seconds is not None else ""
    who = f"{talk.who}{length}" if talk.who else "nobody"
    yield f"{talk.id[:SHOWN]}  {when}  {talk.kind}  {talk.topic or 'no topic'}  {who}  {talk.outcome}"
    for name, outcome in talk.missed:
        yield f"          {name} did not pick up ({outcome})"
