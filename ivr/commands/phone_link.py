"""The link with which a colleague's telephone on the same network opens the browser telephone."""

import sys
from collections.abc import Sequence
from itertools import zip_longest
from threading import Thread

import segno
from rich.text import Text
from starlette.types import ASGIApp

from ivr.commands.output import tell
from ivr.commands.words_only import WordsOnly
from ivr.simulator.browser.guests import CODE_SECONDS, Guests
from ivr.simulator.browser.local_network import LocalNetwork

HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two modules of a QR code, one above the other, by which are dark."""


def offer_link(guests: Guests, addresses: Sequence[str], port: int) -> None:
    """Print a new link, and its QR code where there is a terminal."""
    code = guests.invite()
    links = [f"http://{f'[{one}]' if ':' in one else one}:{port}/phone/join?code={code}" for one in addresses]
    tell(f"\nFor a colleague on this network, once, within {CODE_SECONDS / 60:.0f} minutes: {links[0]}")
    for other in links[1:]:
        tell(f"  or {other}")
    console = WordsOnly()
    if console.is_terminal:
        for line in qr_lines(links[0]):
            console.print(Text(line, style="black on bright_white", no_wrap=True))
    tell("Enter makes another link. It is plain HTTP: anybody on this network could read what is done there.")


def qr_lines(link: str) -> list[str]:
    """Return a QR code as lines of text, dark on light."""
    rows = [[bool(dark) for dark in row] for row in segno.make(link, micro=False).matrix_iter(border=2)]
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=[False] * len(rows[0]))
    return ["".join(HALVES[two] for two in zip(upper, lower, strict=True)) for upper, lower in pairs]


def shared(app: ASGIApp, addresses: Sequence[str], port: int) -> ASGIApp:
    """Print a link, and another whenever Enter is pressed; return an application that lets its guests in."""
    guests = Guests()

    def offers() -> None:
        offer_link(guests, addresses, port)
        for _ in sys.stdin:
            offer_link(guests, addresses, port)

    Thread(target=offers, daemon=True).start()
    return LocalNetwork(app, guests)
