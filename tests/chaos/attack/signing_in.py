"""Forging what a passkey signs, and what an identity provider says."""

from collections.abc import Iterator
from dataclasses import replace
from json import dumps, loads
from typing import Any

import httpx2

from ivr.console.services import Services
from ivr.console.sessions import SSO_COOKIE
from ivr.identity_provider import IdentityProvider
from ivr.openid.client import OpenIdClient
from tests.chaos.attack.attack import Tally
from tests.console.passkey_device import PRESENT, Device, decoded, encoded
from tests.console.staff_browser import StaffBrowser, browser
from tests.console.staff_pages import StaffPages
from tests.identity_provider.faults import Fault
from tests.identity_provider.server import CLIENT_ID, CLIENT_SECRET, IdentityServer, identity_server
from tests.staff.staff_accounts import invite, link_of

HERE = "https://helpline.example"
PASSKEY, START, RETURN = "/console/sign-in/passkey", "/console/sign-in/sso", "/console/sign-in/sso/return"
FIELDS = ("clientDataJSON", "authenticatorData", "signature")
EVERY = 3
"""Of the bytes of a field, each third one is changed: the tests change any."""
SLOW = {Fault.IS_SLOW, Fault.DENIES}
"""What is no forgery."""


async def forging_a_passkey(pages: StaffPages) -> Tally:
    """What a passkey signed, changed in each field, for another host or owner, without finger or PIN, kept and sent
    again; a success is a session."""
    services, device, tally = replace(pages.services, origin=HERE), Device(), Tally()
    await _with_passkey(pages, services, device)
    other = Device()
    other.make({"user": {"id": "x"}, "rp": {"id": "helpline.example"}, "challenge": "x"})
    wrong = [
        replace(device, origin="https://evil.example"),
        replace(device, rp_id="evil.example"),
        replace(device, flags=PRESENT),
        replace(device, challenge=encoded(b"a challenge of our own")),
        other,
    ]
    for n, one in enumerate(wrong):
        async with browser(services, f"198.51.100.{n}") as stranger:
            await _try_passkey(stranger, tally, one.use(await _options(stranger)))
    async with browser(services, "203.0.113.1") as stranger:
        options = await _options(stranger)
    for n, changed in enumerate(_changed(device.use(options))):
        async with browser(services, f"198.51.{n // 8}.7") as stranger:
            await _try_passkey(stranger, tally, changed)
    async with browser(services) as owner, browser(services, "198.51.100.99") as thief:
        used = device.use(await _options(owner))
        assert (await owner.send(PASSKEY, passkey=used)).status_code == 303
        for _ in range(5):
            await _try_passkey(thief, tally, used)
    return tally


async def forging_a_single_sign_on(pages: StaffPages) -> Tally:
    """An identity provider that lies in each way that we know, ways back that were stolen, and cookies that were
    changed; a success is a session."""
    tally = Tally()
    with identity_server(pages.clock) as council:
        services = _with_sso(pages, council)
        for n, fault in enumerate(one for one in Fault if one not in SLOW):
            council.faults = {fault}
            async with browser(services, f"198.51.100.{n}") as stranger:
                await _come(stranger, tally, fault.name)
        council.faults = set()
        async with browser(services) as owner, browser(services, "198.51.100.98") as thief:
            path = await _path_back(owner)
            await _try_path(thief, tally, path, "without the cookie")
            await _path_back(thief)
            await _try_path(thief, tally, path, "with another cookie")
            kept = owner.client.cookies[SSO_COOKIE]
            assert (await owner.look(path)).status_code == 200
            thief.client.cookies.set(SSO_COOKIE, kept)
            await _try_path(thief, tally, path, "used again")
            for place in range(0, len(kept), EVERY):
                other = "A" if kept[place] != "A" else "B"
                thief.client.cookies.set(SSO_COOKIE, kept[:place] + other + kept[place + 1 :])
                await _try_path(thief, tally, path, f"cookie changed at {place}")
    return tally


async def _with_passkey(pages: StaffPages, services: Services, device: Device) -> None:
    """Have somebody make a passkey on the page of their invitation."""
    account = await invite(pages.store, "Jo Marsh")
    token = await link_of(pages.store, account, pages.clock(), services.sign_in.tokens)
    path = f"/console/invitation/{token}/passkey"
    async with browser(services) as owner:
        done = await owner.send(path, name="Laptop", passkey=device.make(await _options(owner, path)))
        assert done.status_code == 303


async def _options(who: StaffBrowser, path: str = PASSKEY) -> dict[str, Any]:
    found: dict[str, Any] = (await who.client.get(f"{path}/options")).json()
    return found


async def _try_passkey(stranger: StaffBrowser, tally: Tally, passkey: str) -> None:
    answer = await stranger.send(PASSKEY, passkey=passkey)
    tally.count("a passkey", succeeded=answer.status_code == 303)


def _changed(used: str) -> Iterator[str]:
    """Return what a passkey signed, with one byte changed."""
    whole = loads(used)
    for field in FIELDS:
        data = decoded(whole["response"][field])
        for place in range(0, len(data), EVERY):
            other = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            yield dumps(whole | {"response": whole["response"] | {field: encoded(other)}})


def _with_sso(pages: StaffPages, council: IdentityServer) -> Services:
    roles = {"advisers": "adviser"}
    provider = IdentityProvider(council.issuer, CLIENT_ID, CLIENT_SECRET, "The council", "groups", roles)
    return replace(pages.services, sso=OpenIdClient(provider, f"{HERE}{RETURN}", pages.clock, 30))


async def _path_back(who: StaffBrowser) -> str:
    there = (await who.look(START)).headers["location"]
    async with httpx2.AsyncClient(timeout=30) as http:
        return str((await http.get(there)).headers["location"]).removeprefix(HERE)


async def _come(stranger: StaffBrowser, tally: Tally, how: str) -> None:
    answer = await stranger.look(START)
    if answer.status_code != 303:
        return tally.count(how, succeeded=False)
    async with httpx2.AsyncClient(timeout=30) as http:
        back = (await http.get(answer.headers["location"])).headers.get("location", "")
    return await _try_path(stranger, tally, back.removeprefix(HERE), how)


async def _try_path(stranger: StaffBrowser, tally: Tally, path: str, how: str) -> None:
    await stranger.look(path)
    answer = await stranger.look("/console/me")
    tally.count(how, succeeded=answer.status_code == 200)
