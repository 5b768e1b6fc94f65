"""What staff do with texts that could not be sent."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, opt_outs, sms_list, sms_results
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.sms_list import ListedText
from ivr.store.sms_states import SmsState


class CannotRetry(IvrError):
    """The text has not failed, or whom it is for does not want any."""


async def retry(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> ListedText:
    """Send a failed text again, as if it were promised now; raise NoSuchItem or CannotRetry."""
    text = by_prefix(await sms_list.find(db, cipher, prefix.lower()), prefix, "text")
    if text.state is not SmsState.failed:
        raise CannotRetry(f"Text {text.id[:SHOWN]} has not failed: it is {text.state}.")
    if text.number and await opt_outs.is_opted_out(db, *cipher.blind_indexes(text.number)):
        raise CannotRetry(f"Text {text.id[:SHOWN]} is for somebody who said STOP: it is not sent.")
    await sms_results.retry(db, text.id, by.at)
    await audit.write(db, by, f"text {text.id[:SHOWN]}: sent again")
    [now] = await sms_list.find(db, cipher, text.id)
    return now
