"""One file that the provider keeps and gives to nobody but itself: a protected Asset, in a Service of its own.

https://www.twilio.com/docs/serverless/api, https://www.twilio.com/docs/serverless/functions-assets/visibility

A file is a version of an asset; a build takes versions together, and a deployment puts a build on the air at the domain
of an environment. What is on the air is read back by a request that is signed as the provider signs its own.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ivr.telephony.error_codes import NOT_FOUND
from ivr.telephony.product_client import ProductClient
from ivr.telephony.provider_errors import ProviderError, Rejected, Retryable
from ivr.telephony.resources import making_sense
from ivr.telephony.rest_client import RestClient
from ivr.telephony.signature import HEADER, Signature

LOGGER = logging.getLogger(__name__)
ENVIRONMENT = "production"
PATH = "/fallback.xml"
MEDIA_TYPE = "text/xml"
LOOKS, BETWEEN = 60, 2.0
"""How often a build, and what is on the air, is looked at, and how many seconds lie between two looks."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file is on the air: the SIDs of its service, environment and build (None before the first)."""

    service: str
    environment: str
    build: str | None
    url: str


class ProtectedAsset:
    """The file of the service `name`, which is unique in the account. Everything here raises ProviderError."""

    def __init__(self, client: RestClient, auth_token: str, name: str, sleep: Sleep) -> None:
        self._client, self._tokens, self._name, self._sleep = client, auth_token.split(","), name, sleep
        self._api = ProductClient(client, "serverless")
        self._upload_api = ProductClient(client, "serverless-upload")
        self._scheme = urlsplit(client.api_url).scheme

    async def find(self) -> Place | None:
        """Return where the file is, None where nothing was published."""
        with making_sense():
            service = await self._find_service()
            environment = await self._find_environment(service) if service else None
            return self._place(environment) if environment else None

    async def read(self, place: Place) -> bytes | None:
        """Return what the provider would get there; None if it would get nothing."""
        for token in self._tokens:
            signature = Signature(place.url.removesuffix(PATH), token).sign(PATH, [])
            answer = await self._client.get_without_password(place.url, {HEADER.decode(): signature})
            if answer.status_code == 200:
                return answer.content
        return None

    async def is_public(self, place: Place) -> bool:
        """Return whether anybody can read it, without a signature."""
        return (await self._client.get_without_password(place.url, {})).status_code == 200

    async def publish(self, content: bytes) -> Place:
        """Put a file on the air in the place of the one before, and read it back; nothing of older ones is kept."""
        with making_sense():
            place = await self._find_or_create()
            asset = str((await self._api.post(f"{_at(place)}/Assets", {"FriendlyName": PATH}))["sid"])
            version = await self._upload(place, asset, content)
            built = await self._api.post(f"{_at(place)}/Builds", {"AssetVersions": version})
            build = str(built["sid"])
            await self._wait_for(place, build)
            await self._api.post(f"{_at(place)}/Environments/{place.environment}/Deployments", {"BuildSid": build})
            await self._wait_until_on_the_air(place, content)
            if await self.is_public(place):
                await self.remove()
                raise Rejected("anybody could read it at the provider, so it was taken off the air again")
            await self._clean_up(place, asset, build)
        return place

    async def remove(self) -> bool:
        """Take the file off the air and delete its service; return whether there was one."""
        with making_sense():
            service = await self._find_service()
            if service is None:
                return False
            environment = await self._find_environment(service)
            if environment:  # first, so that nothing is on the air however the rest goes
                await self._api.delete(f"v1/Services/{service}/Environments/{environment['sid']}", "environment")
            await self._api.delete(f"v1/Services/{service}", "service")
        return True

    async def _find_service(self) -> str | None:
        try:
            return str((await self._api.get(f"v1/Services/{self._name}", "service"))["sid"])
        except ProviderError as failure:
            if failure.code != NOT_FOUND:
                raise
            return None

    async def _find_environment(self, service: str) -> dict[str, Any] | None:
        async for one in self._api.pages(f"v1/Services/{service}/Environments"):
            if one["unique_name"] == ENVIRONMENT:
                return one
        return None

    async def _find_or_create(self) -> Place:
        service = await self._find_service()
        if service is None:
            form = {"UniqueName": self._name, "FriendlyName": "What callers hear while the helpline is down"}
            created = await self._api.post("v1/Services", form | {"IncludeCredentials": "false", "UiEditable": "false"})
            service = str(created["sid"])
        environment = await self._find_environment(service)
        if environment is None:
            environment = await self._api.post(f"v1/Services/{service}/Environments", {"UniqueName": ENVIRONMENT})
        return self._place(environment)

    def _place(self, environment: dict[str, Any]) -> Place:
        url = f"{self._scheme}://{environment['domain_name']}{PATH}"
        return Place(str(environment["service_sid"]), str(environment["sid"]), environment["build_sid"], url)

    async def _upload(self, place: Place, asset: str, content: bytes) -> str:
        form, file = {"Path": PATH, "Visibility": "protected"}, (PATH[1:], content, MEDIA_TYPE)
        path = f"{_at(place)}/Assets/{asset}/Versions"
        version = await self._upload_api.post(path, form, files={"Content": file})
        if str(version["visibility"]).lower() != "protected":
            raise Rejected("the provider would give it to anybody")
        return str(version["sid"])

    async def _wait_for(self, place: Place, build: str) -> None:
        for _ in range(LOOKS):
            status = (await self._api.get(f"{_at(place)}/Builds/{build}/Status", "build"))["status"]
            if status == "completed":
                return
            if status == "failed":
                raise Rejected("the provider could not build it: what was on the air before stays")
            await self._sleep(BETWEEN)
        raise Retryable("the provider has not built it after two minutes: what was on the air before stays")

    async def _wait_until_on_the_air(self, place: Place, content: bytes) -> None:
        for _ in range(LOOKS):
            if await self.read(place) == content:
                return
            await self._sleep(BETWEEN)
        raise Retryable("what the provider gives back is not what was put there")

    async def _clean_up(self, place: Place, asset: str, build: str) -> None:
        """Delete older builds, and then the assets that were in them: a version cannot be deleted by itself."""
        for kind, kept in (("Builds", build), ("Assets", asset)):
            older = [one["sid"] async for one in self._api.pages(f"{_at(place)}/{kind}") if one["sid"] != kept]
            for sid in older:
                try:
                    await self._api.delete(f"{_at(place)}/{kind}/{sid}", kind)
                except ProviderError as failure:  # it is off the air, and is tried again next time
                    LOGGER.warning("an older fallback document was not deleted: %s", failure.reason)


def _at(place: Place) -> str:
    return f"v1/Services/{place.service}"
