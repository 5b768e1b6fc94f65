"""Refuses what another site makes a browser of ours send.

Browsers tell where a request comes from in two headers that no page can set: `Sec-Fetch-Site`
(https://www.w3.org/TR/fetch-metadata/) and `Origin`. A token in each form would tell no more.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD"})


def comes_from_us(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request may change something: one of our own pages sent it.

    A browser that tells neither header is too old to be trusted with it.

    >>> [comes_from_us("POST", {"sec-fetch-site": site}) for site in ("same-origin", "cross-site", "none")]
    [True, False, False]
    >>> comes_from_us("POST", {"origin": "https://helpline.example", "host": "helpline.example"})
    True
    >>> comes_from_us("POST", {}), comes_from_us("GET", {})
    (False, True)
    """
    if method in SAFE_METHODS:
        return True
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin, host = headers.get("origin", ""), headers.get("host", "")
    return bool(host) and urlsplit(origin).netloc == host
