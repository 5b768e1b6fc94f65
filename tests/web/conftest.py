"""What needs the database is tested on both."""

from tests.store.conftest import empty_url, url

__all__ = ["empty_url", "url"]
