"""Explanations that the page prints where a target is missed: what takes the time or the memory, and what was tried."""

THROUGHPUT = """\
Where a target above is missed: {server_share:.0%} of the CPU time is the server's, which every Starlette application
has. It takes longer than for the baseline because it runs interleaved with more code: timed one by one, the
parts of a response add up to three fifths of what they take together. No step can avoid the server, the form
and the signature, which have a row of their own, or the state token. Call events go to the driver as tuples,
by one prepared statement: about half of an event's CPU time is SQLite's own.
"""
OPEN_LOOP = """\
The median answer takes twice as long as the baseline's, and so does the slowest hundredth, where nothing else holds
up both. Writing the call events is not it: without them the slowest hundredth takes nearly as long.
"""
REFUSED = """\
  HTTP 503 is the news of the end of a call that could not be stored within a second, as while the disk takes so
  long: the provider sends it again, and no caller waits for it.
"""
STARTUP = """\
  Of the difference rather more than a quarter is importing SQLAlchemy; a quarter our own modules with the
  pydantic models of the steps; a sixth pydantic itself with the settings, and the names of numbers and days;
  most of the rest is reading and checking the content. The next step would be SQL without SQLAlchemy, or
  content that is read and checked at installation instead of at each start: changes by staff would then go
  unchecked.
"""
MEMORY = """\
  The baseline takes 36 MB of it; SQLAlchemy 22, a third of that for an unused object-relational mapper;
  cryptography 7, the names of days and numbers 7, pydantic 6, our own modules and the content 8, and what
  remains of a thousand responses 3. The next step would be SQL without SQLAlchemy: more code to read and to keep
  right than those megabytes are worth.
"""
