"""The same three keys everywhere: 0 a person, star again, hash back."""

from tests.phone_calls import ADVISERS, everywhere, rings, telephone

NO_HASH = "Let us change the date. You do not need to press hash after it. "
"""Said on the way back to a date, for callers who end every number with a hash."""


@everywhere
async def test_the_same_three_keys_everywhere_0_is_a_person(keys: tuple[str, ...]) -> None:
    phone = await rings(telephone(), *keys)
    rung = len(phone.dialled)
    (await phone.presses("0", pause=1)).hears("We are ringing an adviser")
    assert phone.dialled[rung].number == ADVISERS[0]


@everywhere
async def test_the_same_three_keys_everywhere_star_says_it_again(keys: tuple[str, ...]) -> None:
    phone = await rings(telephone(), *keys)
    said = phone.heard
    again = (await phone.presses("*", pause=1)).heard
    assert again
    assert said.endswith(again)


@everywhere
async def test_the_same_three_keys_everywhere_hash_goes_back(keys: tuple[str, ...]) -> None:
    before = (await rings(telephone(), *keys[:-1])).heard
    back = (await (await rings(telephone(), *keys)).presses("#", pause=1)).heard
    assert back
    assert before.endswith(back.removeprefix(NO_HASH))
