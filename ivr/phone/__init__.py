"""A make-believe telephone to try the helpline with: no network, no waiting, no Twilio.

It asks the app through real signed webhooks and plays the answers as Twilio's documentation says they
are played, strictly. It shares no code with the app, so that the two cannot agree on a mistake.
"""

from ivr.phone.phone import Phone

__all__ = ["Phone"]
