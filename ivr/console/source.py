"""Where a request comes from: the network address, and the browser and the system, for people to know it again."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

from ivr.console.visit import Visit
from ivr.staff.sign_in import From

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
IPV6_NETWORK = 64
"""Bits of an address that its owner does not choose."""


def source_of(visit: Visit) -> From:
    """Return where a request comes from."""
    client = visit.request.client
    address = network_of(client.host) if client else ""
    return From(address, device_of(visit.request.headers.get("user-agent", "")), visit.now)


def device_of(user_agent: str) -> str:
    """Return the browser and the system.

    >>> device_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Windows'
    >>> device_of("curl/8.5.0")
    'another browser'
    """
    browser, system = _first(BROWSERS, user_agent) or "another browser", _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def network_of(address: str) -> str:
    """Return what tries are counted by: an IPv4 address, or the network of an IPv6 address, which has many.

    >>> network_of("203.0.113.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("::ffff:203.0.113.7")
    ('203.0.113.7', '2001:db8:1:2::/64', '203.0.113.7')
    """
    try:
        found = ip_address(address)
    except ValueError:  # a Unix socket, or a test
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def _first(names: Mapping[str, str], text: str) -> str | None:
    return next((name for word, name in names.items() if word in text), None)
