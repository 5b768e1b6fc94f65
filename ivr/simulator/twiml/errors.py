"""Errors as Twilio's debugger shows them (https://www.twilio.com/docs/api/errors)."""

from ivr.errors import IvrError

HTTP_RETRIEVAL_FAILURE = 11200
"""There was no answer, or its status was not a success."""
INVALID_CONTENT_TYPE = 12300
"""The Content-Type of an answer was not XML."""
DOCUMENT_PARSE_FAILURE = 12100
"""The answer was not XML."""
SCHEMA_VALIDATION_WARNING = 12200
"""The XML was not valid TwiML."""


class TwimlError(IvrError):
    """A document that Twilio would refuse, or that the simulator does not support; the message names the element."""

    def __init__(self, message: str, code: int = SCHEMA_VALIDATION_WARNING) -> None:
        self.code = code
        super().__init__(message)


class ApplicationFailure(IvrError):
    """The app failed a call: Twilio's error code, the URL requested, the reason, and what is retried after it.

    `kind` is a retry policy: `4xx`, `5xx`, `ct` (no connection) or `rt` (no answer in time); none after an answer that
    cannot be executed. See https://www.twilio.com/docs/usage/security/availability-reliability.
    """

    def __init__(self, code: int, url: str, reason: str, kind: str = "") -> None:
        self.code, self.url, self.reason, self.kind = code, url, reason, kind
        super().__init__(f"{code} {reason} ({url})")
