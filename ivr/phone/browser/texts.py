"""The mobile of whoever rings: the texts that came, what became of each, and what is texted back."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ivr.phone.exchange import Webhook
from ivr.phone.leg import ACCOUNT_SID
from ivr.phone.office_message import Message
from ivr.phone.script import CALLERS

if TYPE_CHECKING:
    from ivr.phone.browser.trial import Trial

STOP, START = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"), ("START", "UNSTOP")
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number."
    " Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number."
    " Reply HELP for help. Reply STOP to unsubscribe."
)
"""What the telephone company says itself (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)."""
LONGEST = 1600


@dataclass(frozen=True)
class Text:
    """One text on the screen of a mobile: whose, from the helpline, the company or the person, and how it stands."""

    at: datetime
    number: str
    sender: str
    body: str
    status: str = ""


class Texts:
    """All of a trial's, whoever's they are."""

    def __init__(self, trial: "Trial") -> None:
        self._trial = trial
        self._others: list[Text] = []

    @property
    def all(self) -> list[Text]:
        """In the order in which they came."""
        ours = [_from_us(message) for message in self._trial.scene.office.messages]
        return sorted(ours + self._others, key=lambda text: text.at)

    async def sends(self, body: str) -> None:
        """Text the helpline from the mobile. The company obeys STOP and START itself, and tells the app of them."""
        number, word, office = CALLERS["mobile"], body.strip().upper(), self._trial.scene.office
        opt = "STOP" if word in STOP else "START" if word in START else ""
        self._keeps(number, "person", body[:LONGEST])
        form = {
            "MessageSid": f"SM{token_hex(16)}",
            "AccountSid": ACCOUNT_SID,
            "From": number,
            "To": office.senders[0],
            "Body": body[:LONGEST],
        }
        if opt:
            form["OptOutType"] = opt
            (office.stopped.add if opt == "STOP" else office.stopped.discard)(number)
            self._keeps(number, "company", STOPPED if opt == "STOP" else STARTED)
        exchange = self._trial.scene.phone.exchange
        answer = await exchange.delivers(Webhook("POST", f"{exchange.public_url}/sms", form))
        for message in ElementTree.fromstring(answer).iter("Message"):  # noqa: S314 - our own app's answer
            self._keeps(number, "helpline", "".join(message.itertext()))

    def _keeps(self, number: str, sender: str, body: str) -> None:
        self._others.append(Text(self._trial.clock(), number, sender, body))


def _from_us(message: Message) -> Text:
    return Text(message.created, message.to, "helpline", message.body, message.status)
