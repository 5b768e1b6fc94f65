"""The fallback document at the provider: which Asset it is, and whether it is the one of today."""

from dataclasses import dataclass

from ivr.telephony.protected_asset import Place, ProtectedAsset

NAME = "helpline-fallback-"
DIGITS = 12
"""How much of the SID of a number names its service: several helplines may share an account."""


@dataclass(frozen=True, slots=True)
class FallbackState:
    """Where the document is (None: nowhere), whether it is that of today, and whether anybody could read it."""

    place: Place | None
    is_current: bool = False
    is_public: bool = False

    @property
    def is_well(self) -> bool:
        """Whether it is that of today, and nobody but the provider can read it."""
        return self.is_current and not self.is_public


def asset_name(number_sid: str) -> str:
    """Return the unique name of the service that has the fallback document of a number.

    >>> asset_name("PN0123456789abcdef0123456789abcdef")
    'helpline-fallback-456789abcdef'
    """
    return NAME + number_sid[-DIGITS:].lower()


async def state(asset: ProtectedAsset, document: bytes) -> FallbackState:
    """Return how the document is at the provider. Raises ProviderError."""
    place = await asset.find()
    if place is None:
        return FallbackState(None)
    is_current = await asset.read(place) == document
    return FallbackState(place, is_current, await asset.is_public(place))


async def bring_up_to_date(asset: ProtectedAsset, document: bytes) -> tuple[Place, bool]:
    """Put the document at the provider unless it is there; return where, and whether it was. Raises ProviderError."""
    found = await state(asset, document)
    if found.place and found.is_well:
        return found.place, True
    return await asset.publish(document), False
