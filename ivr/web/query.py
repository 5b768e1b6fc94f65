"""Reads what stands behind the question mark of an address of ours."""

from urllib.parse import parse_qs

from starlette.types import Scope


def asked(scope: Scope, name: str) -> str:
    """The first value of that name; nothing where there is none.

    >>> asked({"query_string": b"leg=abc&leg=def"}, "leg"), asked({"query_string": b""}, "leg")
    ('abc', '')
    """
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]
