"""Webhooks are sent again as the fragment of their address asks, and otherwise as Twilio does by itself."""

import pytest

from ivr.simulator.twilio_api.connection_overrides import InvalidOverride, overrides_in

URL = "https://helpline.example/status?leg=1"


@pytest.mark.parametrize(
    ("fragment", "failure", "attempts"),
    [
        ("", "ct", 2),
        ("", "5xx", 1),
        ("", "rt", 1),
        ("#rc=0", "ct", 1),
        ("#rc=3", "ct", 4),
        ("#rc=3", "5xx", 1),
        ("#rc=3&rp=5xx", "5xx", 4),
        ("#rc=3&rp=5xx", "ct", 1),
        ("#rc=5&rp=ct,rt,5xx", "rt", 6),
        ("#rc=5&rp=ct,rt,5xx", "4xx", 1),
        ("#rp=all", "4xx", 2),
        ("#rp=all", "2xx", 1),
        ("#ct=2000&rt=5000", "ct", 2),
    ],
)
def test_a_webhook_is_sent_so_often(fragment: str, failure: str, attempts: int) -> None:
    overrides = overrides_in(URL + fragment)
    assert sum(1 for n in range(9) if n == 0 or overrides.allow_retry(failure, n - 1)) == attempts


@pytest.mark.parametrize(
    "fragment", ["#rc=6", "#rc=x", "#rc=-1", "#rp=500", "#rp=ct;rt", "#rp=", "#ct=99", "#rt=15001", "#tt=x"]
)
def test_overrides_that_twilio_would_refuse_are_refused(fragment: str) -> None:
    with pytest.raises(InvalidOverride, match="overrides"):
        overrides_in(URL + fragment)
