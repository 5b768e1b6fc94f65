"""A call at a number of the account that another call of the account has rung: its own document answers it."""

from ivr.simulator.network.connected_call import ConnectedCall
from ivr.simulator.network.interpreter import Interpreter
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.outbound_call import OutboundCall
from ivr.simulator.network.participant import Network
from ivr.simulator.network.waits import Ending, Wait
from ivr.simulator.network.webhooks import Webhook, WebhookClient
from ivr.simulator.transcript import LINE, Transcript
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource


class NumberCall(ConnectedCall):
    """It begins when the other rings, and answers with the first verb that is heard."""

    def __init__(
        self,
        carrier: Network,
        webhooks: WebhookClient,
        number: IncomingNumberResource,
        caller: OutboundCall,
        transcript: Transcript,
    ) -> None:
        leg = Leg(caller.resource.sender, number.number)
        line = Interpreter(leg, transcript, number.voice_url, failures=carrier.failures)
        super().__init__(carrier, webhooks, line)
        self.peer, caller.peer, self._number, self._caller = caller, self, number, caller
        self._execution = line.run(line.request(number.voice_url, number.voice_method))
        self._is_answered = False
        self._began = transcript.clock

    def start(self) -> None:
        """Ask the address of the number what to do."""
        leg = self.line.leg
        self.carrier.twilio.add_inbound_call(leg.sid, leg.caller, leg.called)
        self.resume(None)

    def _begin(self, wait: Wait) -> None:
        super()._begin(wait)
        if self.line.answered and not self._is_answered:
            self._is_answered = True
            self._caller.is_answered()

    def _end(self, ending: Ending) -> None:
        self.line.transcript.note(LINE, f"the call to {self._number.number} is over")
        super()._end(ending)
        if self._number.status_callback:
            seconds = round(self.line.transcript.clock - self._began)
            form = self.line.leg.form("completed") | {"CallDuration": str(seconds)}
            webhook = Webhook(self._number.status_callback_method, self._number.status_callback, form)
            self.carrier.status_callbacks.report_call(webhook, self.line.transcript.clock)
