"""Twilio's error codes: what each means for us, and in words for staff, whichever way it reaches us.

The same code may come as the answer to a request, in a status callback or in the list of texts; it means the same.
https://www.twilio.com/docs/api/errors. Twilio's own messages are not stored: they hold the caller's number.
"""

from typing import NamedTuple

from ivr.telephony.webhook import digits_in

OPTED_OUT = 21610
"""The provider takes STOP from the caller itself, and from then on refuses our texts to them."""
NOT_FOUND = 20404
"""What was asked for is not there: our account, or the one call, recording or text that the request was about."""
QUEUE_OVERFLOW = 30001

REASONS = {
    21211: "this is not a telephone number",
    21214: "this number cannot be rung",
    21215: "our account at the provider may not ring this country",
    21217: "this is not a telephone number",
    21219: "a trial account at the provider rings verified numbers only",
    21266: "this is our own number",
    21602: "the text has no words",
    OPTED_OUT: "they said STOP",
    21612: "our number cannot text this one",
    21614: "this is not a mobile number",
    21617: "the text is too long",
    21635: "this is a landline",
    QUEUE_OVERFLOW: "too many texts were waiting at the provider",
    30003: "the phone was switched off or out of reach",
    30004: "the phone or its network does not let our texts through",
    30005: "nobody has this number",
    30006: "this is a landline, or a network that cannot be reached",
    30007: "the text was taken for spam and held back",
    30008: "it was lost on the way, the network does not say why",
    30036: "the phone could not be reached in time",
    30450: "the provider suspects fraud at this number",
}

CONFIGURATION_ERRORS = {
    20003: "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together",
    20005: "our account at the provider is not active",
    20006: "our account at the provider may not send texts",
    NOT_FOUND: "there is no such account: look at TWILIO_ACCOUNT_SID and TWILIO_API_URL",
    21210: "IVR_CALLER_ID, or in a test call IVR_CANARY_NUMBER, is not a number of ours at the provider",
    21212: "IVR_SMS_FROM or IVR_CALLER_ID is not a telephone number",
    21408: "our account at the provider may not text this country",
    21603: "IVR_SMS_FROM is not set",
    21606: "IVR_SMS_FROM cannot send texts, or is not ours",
    21608: "a trial account at the provider texts verified numbers only",
    21609: "the provider cannot use IVR_PUBLIC_URL",
    21659: "IVR_SMS_FROM is not a number of the provider",
    21660: "IVR_SMS_FROM belongs to another account",
    21661: "IVR_SMS_FROM cannot send texts",
    30002: "our account at the provider is suspended",
}
"""Errors that the operator must correct: texts wait until then."""
ONE_NUMBER_ONLY = frozenset({21408, 21608})
"""Those of them that concern one number or country; the others stop every text."""


class TextFailure(NamedTuple):
    """What an error code of a text means: for staff to read, whether they said STOP, whether to send it again."""

    reason: str
    opted_out: bool = False
    is_passing: bool = False


def text_failure(code: int | str | None) -> TextFailure:
    """Return what the error code of a text means.

    >>> text_failure("21610")
    TextFailure(reason='they said STOP (21610)', opted_out=True, is_passing=False)
    >>> text_failure(30002).is_passing, text_failure(30005).is_passing, text_failure(None).is_passing
    (True, False, False)
    """
    number = digits_in(str(code))
    is_passing = number in CONFIGURATION_ERRORS or number == QUEUE_OVERFLOW
    return TextFailure(describe_error(code), number == OPTED_OUT, is_passing)


def describe_error(code: int | str | None) -> str:
    """Return the reason for staff to read.

    >>> describe_error("30005"), describe_error(12345), describe_error("9" * 5000)
    ('nobody has this number (30005)', 'the provider says only: 12345', 'the provider does not say why')
    """
    number = digits_in(str(code))
    if not number:
        return "the provider does not say why"
    known = REASONS.get(number) or CONFIGURATION_ERRORS.get(number)
    return f"{known} ({number})" if known else f"the provider says only: {number}"
