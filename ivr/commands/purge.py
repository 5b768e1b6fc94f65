"""`ivr purge`: deletes data past its retention period."""

from ivr.commands.options import AsJson
from ivr.commands.output import show
from ivr.commands.transaction import Who, with_store
from ivr.staff import personal_data


def purge(who: Who, as_json: AsJson = False) -> None:
    """Delete data past its retention period; the worker does so every day.

    The periods are defined in ivr/store/retention.py. Examples: `ivr purge`, `ivr purge --json`.
    """
    gone = with_store(lambda store: personal_data.purge(store, who))
    show(gone, (f"{rows:6} of {table}" for table, rows in gone.items()), as_json=as_json)
