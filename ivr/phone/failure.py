"""What Twilio's debugger would show when the app cannot be asked, or answers with what cannot be played."""

from ivr.errors import IvrError

HTTP_FAILURE = 11200
"""No answer, or one whose status is not a success."""
CONTENT_TYPE = 12300
"""An answer that does not call itself XML."""
UNREADABLE = 12100
"""An answer that is not XML."""
NOT_TWIML = 12200
"""XML that breaks the rules of TwiML."""


class TwimlError(IvrError):
    """A document that Twilio would refuse, or that this telephone does not play; says which element."""

    def __init__(self, says: str, code: int = NOT_TWIML) -> None:
        self.code = code
        super().__init__(says)


class ApplicationFailure(IvrError):
    """The app failed the call: `code` as Twilio numbers it, the address asked and what was wrong.

    Source: twilio.com/docs/api/errors and twilio.com/docs/usage/security/availability-reliability.
    """

    def __init__(self, code: int, url: str, reason: str) -> None:
        self.code, self.url, self.reason = code, url, reason
        super().__init__(f"{code} {reason} ({url})")
