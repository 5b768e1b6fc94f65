"""Every route that the benchmark takes still leads where it says."""

from tests.bench.listening_time import seconds_by_route
from tests.bench.routes import INFORMATION, TEXT


def test_every_route_ends_where_its_words_are_heard() -> None:
    routes = {**INFORMATION, "a text": TEXT}
    assert all(seconds > 10 for seconds in seconds_by_route(routes).values())
