"""The same menu step in the style of Twilio's samples for Flask; it writes no records."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator

from tests.bench.servers.reference import next_menu
from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL

app = Flask(__name__)


def validate_twilio_request(route: Callable[..., Response]) -> Callable[..., Response]:
    """As in https://www.twilio.com/docs/usage/tutorials/how-to-secure-your-flask-app-by-validating-incoming-twilio-requests."""

    @wraps(route)
    def decorated(*args: str, **kwargs: str) -> Response:
        validator = RequestValidator(AUTH_TOKEN)
        url = PUBLIC_URL + request.full_path
        if validator.validate(url, request.form, request.headers.get("X-TWILIO-SIGNATURE", "")):
            return route(*args, **kwargs)
        return abort(403)

    return decorated


@app.route("/voice/<flow>/<step>", methods=["POST"])
@validate_twilio_request
def menu(flow: str, step: str) -> Response:
    """Answer a key with the next menu."""
    return Response(next_menu(request.form.get("Digits", "")), mimetype="text/xml")
