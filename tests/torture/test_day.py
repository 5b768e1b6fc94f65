"""A whole day, with few callers and nothing wrong: real processes, a real database, and everybody helped."""

from dataclasses import replace

from torture.fault import Fault
from torture.faults.database import nothing
from torture.run import run


async def test_a_day_on_which_nothing_is_wrong_is_as_it_must_be() -> None:
    tally = await run(Fault("none", "Nothing is wrong.", nothing, seconds=0.2), seed=3, callers=4)
    assert tally.calls >= 4
    assert tally.answers > 20
    assert tally.details == ()
    assert replace(tally, slow=0).is_good  # how long answers take is not for a suite to say
