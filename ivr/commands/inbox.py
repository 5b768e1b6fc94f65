"""`ivr inbox`: incoming texts, for staff."""

from ivr.commands.options import AsJson, Limit
from ivr.commands.output import show
from ivr.commands.transaction import in_transaction
from ivr.helpline.timezone import LONDON
from ivr.store import sms_inbox
from ivr.store.cipher import UNREADABLE
from ivr.store.sms_inbox import IncomingText


def inbox(limit: Limit = 20, as_json: AsJson = False) -> None:
    """Print incoming texts, newest first; they are kept for thirty days.

    Examples: `ivr inbox --limit 5`, `ivr inbox --json`.
    """
    texts = in_transaction(lambda db, cipher: sms_inbox.read(db, cipher, limit))
    show(texts, map(_line, texts), as_json=as_json, nothing="No texts have come in.")


def _line(text: IncomingText) -> str:
    words = f"({UNREADABLE})" if text.number is None or text.body is None else f"{text.number}: {text.body}"
    return f"{text.received.astimezone(LONDON):%a %d %b %Y %H:%M}  {words}"
