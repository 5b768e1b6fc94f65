"""Applications whose databases are closed again."""

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
class Opened:
    """Every store that was opened for a test; each application that is built is another process."""

    patience: float = PATIENT
    stores: list[Store] = field(default_factory=list)

    def store(self, url: str, settings: Settings, patience: float = PATIENT) -> Store:
        """A way of our own into a database."""
        return self._keep(Store(url, settings.secrets, patience))

    def helpline(self, settings: Settings, at: datetime) -> Starlette:
        """The application, its clock stopped."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ivr.app.Store", lambda *given: self._keep(Store(*given)))
            return build(settings, lambda: at, patience=self.patience)

    def _keep(self, store: Store) -> Store:
        self.stores.append(store)
        return store


@asynccontextmanager
async def opened(patience: float = PATIENT) -> AsyncIterator[Opened]:
    """What is opened meanwhile is closed in the end."""
    made = Opened(patience)
    try:
        yield made
    finally:
        for store in made.stores:
            await store.close()
