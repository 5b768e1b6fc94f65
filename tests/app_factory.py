"""Builds applications whose databases are closed after a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from starlette.applications import Starlette

from ivr.app import build
from ivr.config import Settings
from ivr.store.database import Store

PATIENT = 30.0
"""Seconds for the database: the tests share two processors with its server."""


@dataclass
class AppFactory:
    """Opens stores and builds applications for a test; each application stands for another process."""

    patience: float = PATIENT
    stores: list[Store] = field(default_factory=list)

    def store(self, url: str, settings: Settings, patience: float = PATIENT) -> Store:
        """Return a store."""
        return self._keep(Store(url, settings.secrets, patience))

    def helpline(self, settings: Settings, at: datetime) -> Starlette:
        """Return the application, its clock stopped."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ivr.wiring.Store", lambda *given: self._keep(Store(*given)))
            return build(settings, lambda: at, patience=self.patience)

    def _keep(self, store: Store) -> Store:
        self.stores.append(store)
        return store


@asynccontextmanager
async def app_factory(patience: float = PATIENT) -> AsyncIterator[AppFactory]:
    """Yield a factory, and close in the end what it opened."""
    made = AppFactory(patience)
    try:
        yield made
    finally:
        for store in made.stores:
            await store.close()
