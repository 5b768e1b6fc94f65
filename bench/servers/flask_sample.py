"""The same menu step in the style of the provider's own samples for Flask; it keeps no record."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from bench.servers.obvious import MENUS, SENTENCES
from bench.webhooks import PUBLIC_URL, TOKEN

app = Flask(__name__)


def validate_twilio_request(route: Callable[..., Response]) -> Callable[..., Response]:
    """As in https://www.twilio.com/docs/usage/tutorials/how-to-secure-your-flask-app-by-validating-incoming-twilio-requests."""

    @wraps(route)
    def decorated(*args: str, **kwargs: str) -> Response:
        validator = RequestValidator(TOKEN)
        url = PUBLIC_URL + request.full_path
        if validator.validate(url, request.form, request.headers.get("X-TWILIO-SIGNATURE", "")):
            return route(*args, **kwargs)
        return abort(403)

    return decorated


@app.route("/voice/<flow>/<step>", methods=["POST"])
@validate_twilio_request
def menu(flow: str, step: str) -> Response:
    """The step that the key leads to."""
    chosen = MENUS["main"].get(request.form.get("Digits", ""), "main")
    response = VoiceResponse()
    action = f"{PUBLIC_URL}/voice/{chosen}/menu"
    gather = Gather(action=action, method="POST", input="dtmf", timeout=10, num_digits=1)
    for sentence in SENTENCES:
        gather.say(sentence, voice="Polly.Amy-Neural", language="en-GB")
    response.append(gather)
    response.redirect(action, method="POST")
    return Response(str(response), mimetype="text/xml")
