"""The text messages on the caller's mobile: those received, with their status, and those sent to the helpline."""

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from ivr.simulator.network.webhooks import Webhook
from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import CALLERS
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID, new_sid
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.simulator.twilio_api.validation import MAX_BODY

STOP, START = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"), ("START", "UNSTOP")
STOP_REPLY = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number."
    " Reply START to resubscribe."
)
START_REPLY = (
    "You have successfully been re-subscribed to messages from this number."
    " Reply HELP for help. Reply STOP to unsubscribe."
)
"""Twilio's own replies (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)."""


@dataclass(frozen=True)
class TextMessage:
    """One message on the screen of the mobile with that `number`, sent by `helpline`, `company` or `person`."""

    at: datetime
    number: str
    sender: str
    body: str
    status: str = ""


class TextMessages:
    """All text messages of a session."""

    def __init__(self, run: ScenarioRun) -> None:
        self._run = run
        self._others: list[TextMessage] = []

    @property
    def all(self) -> list[TextMessage]:
        """All messages, in order of time; what the helpline sent in the second of another comes after it."""
        outbound = [_from_helpline(message) for message in self._run.twilio.messages]
        return sorted(self._others + outbound, key=lambda message: message.at.replace(microsecond=0))

    async def send(self, body: str) -> None:
        """Text the helpline from the mobile. Twilio handles STOP and START itself, and notifies the app too."""
        number, word, twilio = CALLERS["mobile"], body.strip().upper(), self._run.twilio
        opt_out_type = "STOP" if word in STOP else "START" if word in START else ""
        self._add(number, "person", body[:MAX_BODY])
        form = {
            "MessageSid": new_sid("SM"),
            "AccountSid": ACCOUNT_SID,
            "From": number,
            "To": twilio.senders[0],
            "Body": body[:MAX_BODY],
        }
        if opt_out_type:
            form["OptOutType"] = opt_out_type
            (twilio.opted_out.add if opt_out_type == "STOP" else twilio.opted_out.discard)(number)
            self._add(number, "company", STOP_REPLY if opt_out_type == "STOP" else START_REPLY)
        webhooks = self._run.phone.webhooks
        answer = await webhooks.send(Webhook("POST", f"{webhooks.public_url}/sms", form))
        for message in ElementTree.fromstring(answer).iter("Message"):  # noqa: S314 - our own app's answer
            self._add(number, "helpline", "".join(message.itertext()))

    def _add(self, number: str, sender: str, body: str) -> None:
        self._others.append(TextMessage(self._run.clock(), number, sender, body))


def _from_helpline(message: MessageResource) -> TextMessage:
    return TextMessage(message.date_created, message.to, "helpline", message.body, message.status)
