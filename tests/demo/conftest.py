"""Fixtures for both databases."""

from tests.store.conftest import empty_url, store, url

__all__ = ["empty_url", "store", "url"]
