"""The numbers of people who do not exist, and what they are about."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

ADVISERS = ("Jo Marsh", "Sam Lee", "Priya Shah", "Tom Hall", "Grace Ford", "Ella Reed")
SHIFTS = (
    ((0, 1, 2), "09:00-13:00"),
    ((0, 1, 2, 3, 4), "12:00-17:00"),
    ((1, 3), "09:00-17:00"),
    ((2, 3, 4), "09:00-13:00"),
    ((4,), "09:00-17:00"),
    ((0, 2), "13:00-17:00"),
)
"""The weekdays and hours of each adviser: nobody is there on Monday from nine but the first."""
NOTES = (
    "Will ring again once the letter has come.",
    "Sent the model letter; mother will write tonight.",
    "Needs the mediation certificate first. Explained twice, please check.",
    "School has agreed to a meeting.",
)
TEXTS_IN = (
    "Thank you so much",
    "Can you ring me after 3 please",
    "Is the form the same one",
    "",
    "ok",
    "Got the letter 2day, what now?",
)


def caller(rng: Random) -> str:
    """Return one of Ofcom's numbers for drama (E.164), which reach nobody."""
    return f"+447700900{rng.randrange(100, 1000)}"


def adviser_number(place: int) -> str:
    """Return the number of an adviser, by their place on the rota from 0: another one than any caller's."""
    return f"+4477009000{place + 10}"


def made_up_id(rng: Random) -> str:
    """Return an id as the program makes them."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def deadline(rng: Random, day: date) -> date | None:
    """Return the last day that a caller was told; most were told none."""
    return day + timedelta(days=rng.randrange(1, 60)) if rng.random() < 0.35 else None
