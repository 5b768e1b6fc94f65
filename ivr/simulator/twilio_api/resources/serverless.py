"""The resources of the Serverless API, from a service to what is on the air: https://www.twilio.com/docs/serverless/api.

Functions and variables are left out: only files are put on the air here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import iso_date, new_sid


@dataclass(eq=False)
class AssetVersionResource:
    """The content of an asset, which cannot be changed."""

    path: str
    visibility: str
    content: bytes
    media_type: str
    created: datetime
    sid: str = field(default_factory=lambda: new_sid("ZN"))


@dataclass(eq=False)
class AssetResource:
    """A file, with its versions."""

    name: str
    created: datetime
    versions: list[AssetVersionResource] = field(default_factory=list)
    sid: str = field(default_factory=lambda: new_sid("ZH"))


@dataclass(eq=False)
class BuildResource:
    """Versions that go on the air together, once `looks` at its status have found it building."""

    versions: list[AssetVersionResource]
    created: datetime
    looks: int
    outcome: str
    sid: str = field(default_factory=lambda: new_sid("ZB"))

    @property
    def status(self) -> str:
        """`building`, then its outcome."""
        return "building" if self.looks else self.outcome


@dataclass(eq=False)
class EnvironmentResource:
    """A domain, and the build that is on the air there; `stale` reads still get the build before."""

    name: str
    suffix: str | None
    domain: str
    created: datetime
    build: BuildResource | None = None
    before: BuildResource | None = None
    stale: int = 0
    sid: str = field(default_factory=lambda: new_sid("ZE"))

    def version_at(self, path: str) -> AssetVersionResource | None:
        """Return what a request for a path gets."""
        build = self.build
        if self.stale:
            self.stale, build = self.stale - 1, self.before
        return next((one for one in build.versions if one.path == path), None) if build else None


@dataclass(eq=False)
class ServiceResource:
    """What holds all the others."""

    name: str
    friendly_name: str
    created: datetime
    include_credentials: bool = True
    ui_editable: bool = False
    assets: list[AssetResource] = field(default_factory=list)
    builds: list[BuildResource] = field(default_factory=list)
    environments: list[EnvironmentResource] = field(default_factory=list)
    sid: str = field(default_factory=lambda: new_sid("ZS"))

    @property
    def domain_base(self) -> str:
        """The unique name, and figures that nobody chooses."""
        return f"{self.name}-{int(self.sid[-4:], 16) % 10_000:04}"


class ServerlessJson:
    """Shows the resources of a service as the API does, under an account and an address of the API."""

    def __init__(self, service: ServiceResource, account_sid: str, base: str) -> None:
        self._service, self._url = service, f"{base}/v1/Services/{service.sid}"
        self._account = {"account_sid": account_sid}
        self._ours = self._account | {"service_sid": service.sid}

    def service(self) -> dict[str, Any]:
        """Return the service itself."""
        one, parts = self._service, ("environments", "functions", "assets", "builds")
        return self._account | {
            "sid": one.sid,
            "friendly_name": one.friendly_name,
            "unique_name": one.name,
            "include_credentials": one.include_credentials,
            "ui_editable": one.ui_editable,
            "domain_base": one.domain_base,
            **_dates(one.created),
            "url": self._url,
            "links": {part: f"{self._url}/{part.title()}" for part in parts},
        }

    def asset(self, one: AssetResource) -> dict[str, Any]:
        """Return an asset."""
        url = f"{self._url}/Assets/{one.sid}"
        shown = {"sid": one.sid, "friendly_name": one.name, "url": url, "links": {"asset_versions": f"{url}/Versions"}}
        return self._ours | shown | _dates(one.created)

    def version(self, asset: AssetResource, one: AssetVersionResource) -> dict[str, Any]:
        """Return a version of an asset."""
        return self._ours | {
            "sid": one.sid,
            "asset_sid": asset.sid,
            "path": one.path,
            "visibility": one.visibility,
            "date_created": iso_date(one.created),
            "url": f"{self._url}/Assets/{asset.sid}/Versions/{one.sid}",
        }

    def build(self, one: BuildResource) -> dict[str, Any]:
        """Return a build."""
        url = f"{self._url}/Builds/{one.sid}"
        versions = [self.version(asset, it) for asset in self._service.assets for it in asset.versions]
        included = {it.sid for it in one.versions}
        return self._ours | {
            "sid": one.sid,
            "status": one.status,
            "asset_versions": [version for version in versions if version["sid"] in included],
            "function_versions": [],
            "dependencies": [],
            "runtime": "node22",
            **_dates(one.created),
            "url": url,
            "links": {"build_status": f"{url}/Status"},
        }

    def build_status(self, one: BuildResource) -> dict[str, Any]:
        """Return the status of a build."""
        return self._ours | {"sid": one.sid, "status": one.status, "url": f"{self._url}/Builds/{one.sid}/Status"}

    def environment(self, one: EnvironmentResource) -> dict[str, Any]:
        """Return an environment."""
        url, parts = f"{self._url}/Environments/{one.sid}", ("variables", "deployments", "logs")
        return self._ours | {
            "sid": one.sid,
            "build_sid": one.build.sid if one.build else None,
            "unique_name": one.name,
            "domain_suffix": one.suffix,
            "domain_name": one.domain,
            **_dates(one.created),
            "url": url,
            "links": {part: f"{url}/{part.title()}" for part in parts},
        }

    def deployment(self, environment: EnvironmentResource, sid: str, build: str, at: datetime) -> dict[str, Any]:
        """Return a deployment, of which nothing is kept."""
        url = f"{self._url}/Environments/{environment.sid}/Deployments/{sid}"
        return self._ours | {
            "sid": sid,
            "environment_sid": environment.sid,
            "build_sid": build,
            **_dates(at),
            "url": url,
        }


def _dates(created: datetime) -> dict[str, Any]:
    return {"date_created": iso_date(created), "date_updated": iso_date(created)}
