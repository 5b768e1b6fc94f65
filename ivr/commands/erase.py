"""`ivr erase`: deletes all data kept for a phone number."""

from collections.abc import Iterator

from ivr.commands.confirm import Yes, confirm
from ivr.commands.options import AsJson, PhoneNumber, number_of
from ivr.commands.output import show
from ivr.commands.transaction import Who, in_transaction, with_store
from ivr.staff.personal_data import Erased, to_erase
from ivr.staff.personal_data import erase as erase_number


def erase(number: PhoneNumber, who: Who, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete all data kept for a phone number, including texts that are not sent yet, once you have said yes.

    The worker deletes the provider's copies, which are listed; run the command again to see which are left.
    An opt-out (STOP) is kept as a keyed hash, so that the number is not texted again.

    Examples: `ivr erase 07700 900123`, `ivr erase +447700900123 --yes --json`.
    """
    wanted = number_of(number)
    kept = in_transaction(lambda db, cipher: to_erase(db, cipher, wanted))
    told = ", ".join(f"{rows} of {table}" for table, rows in kept.items() if rows)
    confirm(f"Delete all that is kept of this number for good ({told or 'there is nothing here'})?", yes=yes)
    gone = with_store(lambda store: erase_number(store, wanted, who))
    show(gone, _lines(gone), as_json=as_json)


def _lines(gone: Erased) -> Iterator[str]:
    yield from (f"{rows:6} of {table}" for table, rows in gone.erased.items())
    left = gone.at_the_provider
    yield f"{len(left):6} still at the provider, to be deleted by the worker" + ":" * bool(left)
    yield from (f"       {one['kind']} {one['sid']}" for one in left)
