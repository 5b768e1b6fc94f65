"""An app that puts callers into a queue, and a worker that calls advisers for them."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.account import CALLER_ID, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from tests.simulator.twiml_app import TOKEN, Answer, TwimlApp

ADVISER, SECOND = "+447700900001", "+447700900002"
PUBLIC = "https://helpline.example"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls"
EVENTS = ("initiated", "ringing", "answered", "completed")
ENQUEUE = "<Say>We ring</Say><Enqueue action='done' waitUrl='wait'>hunt</Enqueue><Say>Never</Say>"
WAIT = "<Gather numDigits='1' action='chosen' timeout='8'><Say>You wait. To leave, press 1.</Say></Gather>"
OFFER = "<Gather numDigits='1' action='pressed'><Say>A caller. To take it, press 1.</Say></Gather><Hangup/>"
FETCH = "<Dial action='talked' timeout='5'><Queue>hunt</Queue></Dial>"


class HuntSetup:
    """An app, its Twilio account, and a caller's phone. `ringing` is whom to call next, once a caller waits.

    `taken` holds the CallSids of advisers who pressed 1, in order; `told` the status callbacks of their calls.
    """

    def __init__(
        self,
        *ringing: str,
        callees: Mapping[str, str] | None = None,
        twilio: TwilioAccount | None = None,
        one_by_one: bool = False,
        **answers: Answer,
    ) -> None:
        self.ringing = list(ringing)
        self.one_by_one = one_by_one
        self.timeout = "20"
        self.taken: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.rounds: list[float] = []
        self.twilio = twilio or TwilioAccount()
        usual: dict[str, Answer] = {
            "voice": ENQUEUE,
            "wait": WAIT,
            "chosen": "<Leave/>",
            "done": lambda form: f"<Gather><Say>It was {form['QueueResult']}</Say></Gather>",
            "offer": OFFER,
            "pressed": self.pressed,
            "talked": "<Say>Thank you</Say>",
            "status": self.status,
        }
        self.documents = TwimlApp(usual | answers)
        self.phone = Phone(self.documents.app, token=TOKEN, callees=callees, twilio=self.twilio, tick=self.round)

    def pressed(self, form: dict[str, str]) -> str:
        """The first to press 1 has the caller."""
        if form["Digits"] != "1":
            return "<Say>We try somebody else</Say>"
        self.taken.append(form["CallSid"])
        return FETCH if len(self.taken) == 1 else "<Say>Somebody else has taken it</Say>"

    @staticmethod
    def pressed_by_all(form: dict[str, str]) -> str:
        """Everybody has a caller who presses 1."""
        return FETCH

    def waits_for_both(self, path: str) -> ASGIApp:
        """The app, answering an address only when it was asked for a second time."""
        asked: list[object] = []
        both = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == f"/{path}":
                asked.append(scope)
                both.set() if len(asked) == 2 else None
                await both.wait()
            await self.documents.app(scope, receive, send)

        return app

    def status(self, form: dict[str, str]) -> str:
        """Record a status callback of an adviser's call."""
        self.told.append((form["To"], form["CallStatus"]))
        return ""

    async def round(self) -> None:
        """Ring whoever is next, once somebody waits."""
        self.rounds.append(self.phone.now)
        while self.ringing and any(queue.members for queue in self.twilio.queues):
            if self.one_by_one and not all(placed.has_ended for placed in self.twilio.calls):
                return
            assert (await self.places(self.ringing.pop(0)))["status"] == "queued"

    async def places(self, number: str, url: str = f"{PUBLIC}/offer") -> Any:
        """Have a call placed."""
        form = {"To": number, "From": CALLER_ID, "Url": url, "Timeout": self.timeout}
        form |= {"StatusCallback": f"{PUBLIC}/status", "StatusCallbackEvent": EVENTS}  # type: ignore[dict-item]
        return (await self.asks("POST", ".json", form)).json()

    async def ends(self, number: str, status: str) -> int:
        """Have a call ended."""
        sid = next(placed.sid for placed in self.twilio.calls if placed.to == number)
        return (await self.asks("POST", f"/{sid}.json", {"Status": status})).status_code

    async def asks(self, method: str, path: str, form: Mapping[str, Any] | None = None) -> httpx2.Response:
        """Send a request to the Calls resource."""
        line = httpx2.ASGITransport(rest_api(self.twilio))
        async with httpx2.AsyncClient(transport=line, base_url="http://office", auth=(ACCOUNT_SID, TOKEN)) as client:
            return await client.request(method, CALLS + path, data=form)

    def forms(self, path: str) -> list[dict[str, str]]:
        """What came to an address of the app."""
        return [form for asked, form in self.documents.asked if re.sub(r"\?.*", "", asked) == path]
