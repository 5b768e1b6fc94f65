"""Where a message has got to."""

from enum import StrEnum


class VoicemailState(StrEnum):
    """`recorded` ones are still the caller's to throw away, `sent` ones are in our advisers' list."""

    begun = "begun"
    recorded = "recorded"
    sent = "sent"
    discarded = "discarded"
    done = "done"
