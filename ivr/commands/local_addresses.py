"""The addresses of this machine on its local network."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from ivr.errors import SettingsError

ELSEWHERE = ((socket.AF_INET, "203.0.113.1"), (socket.AF_INET6, "fd00::1"))
"""Addresses towards which the system chooses one of ours (RFC 5737, RFC 4193); nothing is sent to them."""


def local_addresses() -> list[str]:
    """Return the addresses at which neighbours reach this machine; raises SettingsError where there are none.

    A public address is not among them: whoever is anywhere could ask there.
    """
    found = list(_ours())
    if local := [address for address in found if not ip_address(address).is_global]:
        return local
    if found:
        raise SettingsError(f"--lan is for a local network, and this machine's address, {found[0]}, is public")
    raise SettingsError("--lan: this machine is on no network")


def _ours() -> Iterator[str]:
    for family, elsewhere in ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((elsewhere, 9))
                address = str(asking.getsockname()[0]).partition("%")[0]
        except OSError:
            continue
        if not ip_address(address).is_loopback:
            yield address
