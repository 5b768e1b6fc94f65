"""Where a figure that was wanted is not reached: what the time or the memory goes into, and why no more was done."""

from collections.abc import Iterator, Mapping

from bench.spent import OUTSIDE

FASTER = """
way with Starlette has alike. It takes longer than for the bare route, as everything does here that runs in
turns with more: the parts of an answer, timed one by one, come to three fifths of what they take together. No
step can shed the server, nor the form and the signature, which have a row of their own, nor the seal. What
would make ours faster is to write a batch of records by hand-made SQL, past the types that keep SQLite and
PostgreSQL the same: tried, it was a twentieth of the work, reads worse, and a caller would not hear it. To
write no records at all would save a sixth.
"""
SOONER = """
  Of what it takes more, rather more than a quarter is SQLAlchemy; a quarter our own modules with the pydantic
  models of the steps; a sixth pydantic itself with its settings, and the names of numbers and days; and most
  of the rest is to read the content and check it. The next step would be SQL without SQLAlchemy, or content
  that is read and checked when it is installed, not at each start: then nothing would check what staff have
  changed since.
"""
SMALLER = """
  Bare Starlette takes 36 MB of it; SQLAlchemy 22, a third of it an object mapper that comes along unused;
  cryptography 7, names of days and numbers 7, pydantic 6, our own modules and the content 8, and what a
  thousand answers leave behind 3. The next step would be SQL without SQLAlchemy: more to read and to keep
  right than those megabytes are worth.
"""


def not_faster(spent: Mapping[str, float]) -> Iterator[str]:
    """Of a key press, by the shares of a sampled run."""
    yield f"Where a figure above is not reached: {spent.get(OUTSIDE, 0):.0%} of the work is the server's, which every"
    yield from FASTER.strip("\n").splitlines()
    yield ""


def not_sooner() -> Iterator[str]:
    """Of a start, by `python -X importtime` and a profile."""
    yield from SOONER.strip("\n").splitlines()


def not_smaller() -> Iterator[str]:
    """Of a web process, by importing one thing after the other."""
    yield from SMALLER.strip("\n").splitlines()
