"""<Gather>, as Twilio documents it."""

import pytest

from tests.simulator.twiml_app import MakePhone


async def test_digits_without_an_action_go_to_the_current_document(make_phone: MakePhone) -> None:
    """Gather no action, digits: POST Digits to the current document URL."""
    phone, app = make_phone("<Redirect>menu?m=1</Redirect>", menu="<Gather numDigits='1'/>")
    await phone.dials()
    await phone.presses("1")
    assert app.asked[-1][0] == "menu?m=1"
    assert app.last_form["Digits"] == "1"


async def test_a_relative_action_is_resolved_against_the_current_document(make_phone: MakePhone) -> None:
    """Gather relative action: resolve against the current document URL."""
    phone, app = make_phone(
        "<Redirect>/flow/step?m=1</Redirect>",
        **{
            "flow/step": "<Gather numDigits='1' action='next?m=2'/>",
            "flow/next": "<Gather numDigits='1' action='/top'/>",
            "top": "<Gather numDigits='1' action='https://helpline.example/whole'/>",
            "whole": "<Hangup/>",
        },
    )
    await phone.dials()
    for _ in range(3):
        await phone.presses("1")
    assert app.paths == ["voice", "flow/step?m=1", "flow/next?m=2", "top", "whole"]


async def test_silence_falls_through_to_the_next_verb(make_phone: MakePhone) -> None:
    """Gather no input, following verb: fall through to next verb."""
    phone, app = make_phone("<Gather/><Say>Nothing pressed</Say>")
    await phone.dials()
    (await phone.waits()).hears("nothing pressed")
    assert app.paths == ["voice"]


async def test_silence_with_nothing_after_ends_the_call(make_phone: MakePhone) -> None:
    """Gather no input, nothing after: call ends."""
    phone, app = make_phone("<Gather><Say>Press a key</Say></Gather>")
    await phone.dials()
    await phone.waits()
    assert phone.ended
    assert app.paths == ["voice"]


async def test_an_empty_result_is_sent_when_it_is_wanted(make_phone: MakePhone) -> None:
    """Gather actionOnEmptyResult=true, no input: request action with empty Digits."""
    phone, app = make_phone("<Gather action='menu' actionOnEmptyResult='true'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.waits()
    assert app.paths == ["voice", "menu"]
    assert app.last_form["Digits"] == ""


async def test_the_caller_has_five_seconds_unless_told_otherwise(make_phone: MakePhone) -> None:
    """Gather default timeout: 5 s, from the end of what is said."""
    phone, _ = make_phone("<Gather><Say>one two three four five</Say></Gather>")
    await phone.dials()
    await phone.waits()
    assert phone.clock == 2 + 5


async def test_hash_ends_the_digits_and_is_not_one_of_them(make_phone: MakePhone) -> None:
    """Gather finishOnKey default: #."""
    phone, app = make_phone("<Gather action='menu'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("12#")
    assert app.last_form["Digits"] == "12"
    assert phone.clock == 2


async def test_with_an_empty_finish_key_hash_is_a_digit(make_phone: MakePhone) -> None:
    """Gather finishOnKey="": no terminator; # is a digit."""
    phone, app = make_phone("<Gather action='menu' finishOnKey='' timeout='3'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("#")
    assert app.last_form["Digits"] == "#"
    assert phone.clock == 3


async def test_any_key_can_be_the_one_that_ends(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather action='menu' finishOnKey='*'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("1#*")
    assert app.last_form["Digits"] == "1#"


async def test_the_finish_key_alone_asks_nobody(make_phone: MakePhone) -> None:
    """Gather finishOnKey only pressed: no action request, fall through."""
    phone, app = make_phone("<Gather action='menu'/><Say>On we go</Say>", menu="<Hangup/>")
    await phone.dials()
    (await phone.presses("#")).hears("on we go")
    assert app.paths == ["voice"]


async def test_digits_without_a_number_are_collected_until_silence(make_phone: MakePhone) -> None:
    """Gather numDigits default: unlimited."""
    phone, app = make_phone("<Gather action='menu'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("12345678901234567890")
    assert app.last_form["Digits"] == "12345678901234567890"
    assert phone.clock == 19 + 5


async def test_enough_digits_are_sent_at_once(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather action='menu' numDigits='8' finishOnKey=''/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("14102026")
    assert app.last_form["Digits"] == "14102026"
    assert phone.clock == 7


@pytest.mark.parametrize("keys", ["0", "*", "#"])
async def test_a_lone_key_where_more_are_wanted_is_sent_after_the_pause(make_phone: MakePhone, keys: str) -> None:
    phone, app = make_phone("<Gather action='date' numDigits='8' timeout='5' finishOnKey=''/>", date="<Hangup/>")
    await phone.dials()
    await phone.presses(keys)
    assert app.last_form["Digits"] == keys
    assert phone.clock == 5


async def test_two_gathers_in_a_row_wait_one_after_the_other(make_phone: MakePhone) -> None:
    twice = "<Gather action='date' finishOnKey='' timeout='5'><Say>one two three four five</Say></Gather>" * 2
    phone, app = make_phone(twice, date="<Hangup/>")
    await phone.dials()
    await phone.presses("3", pause=5 + 2 + 4)
    assert app.last_form["Digits"] == "3"
    assert phone.clock == 2 + 5 + 2 + 4 + 5


async def test_a_key_cuts_speech_short_inside_a_gather(make_phone: MakePhone) -> None:
    phone, _ = make_phone(
        "<Gather numDigits='1' action='menu'><Say>one two three four five</Say></Gather>", menu="<Hangup/>"
    )
    await phone.dials()
    await phone.presses("1")
    assert (phone.clock, phone.heard_seconds) == (0, 0)


async def test_a_key_pressed_after_some_words_is_pressed_when_they_end(make_phone: MakePhone) -> None:
    phone, _ = make_phone(
        "<Gather numDigits='1' action='menu'><Say>For school press 1 and so on</Say></Gather>", menu="<Hangup/>"
    )
    await phone.dials()
    await phone.presses("1", after="press 1")
    assert phone.heard_seconds == pytest.approx(4 / 2.5)


async def test_a_key_pressed_when_named_needs_no_words(make_phone: MakePhone) -> None:
    menu = "<Gather numDigits='1' action='menu'><Say>For school press 1. For health press 2.</Say></Gather>"
    phone, _ = make_phone(menu, menu=menu)
    await phone.dials()
    await phone.presses("1", when_named=True)
    assert phone.heard_seconds == pytest.approx(4 / 2.5)
    await phone.presses("9", when_named=True)
    assert phone.heard_seconds == pytest.approx((4 + 8) / 2.5)


async def test_speech_outside_a_gather_is_not_interrupted_and_loses_the_key(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Say>one two three four five</Say><Gather numDigits='1' action='menu'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("1", after="two")
    assert app.paths == ["voice"]
    assert not phone.ended
    await phone.presses("1")
    assert app.paths == ["voice", "menu"]
    assert phone.heard_seconds == 2


async def test_keys_typed_ahead_reach_the_next_gather_but_not_plain_speech(make_phone: MakePhone) -> None:
    one = "<Gather numDigits='1' action='{}'/>"
    phone, app = make_phone(
        one.format("second"),
        second=one.format("third"),
        third="<Say>one two three four five six seven eight</Say>" + one.format("fourth"),
        fourth="<Hangup/>",
    )
    await phone.dials()
    await phone.presses("1234")
    assert [form.get("Digits") for _, form in app.asked] == [None, "1", "2"]
    assert "nothing listened for 3: it is lost" in str(phone.transcript)
    await phone.presses("5")
    assert phone.ended


async def test_words_that_were_never_said_cannot_be_waited_for(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Gather><Say>Hello</Say></Gather>")
    await phone.dials()
    with pytest.raises(AssertionError, match='Expected to hear "goodbye"'):
        await phone.presses("1", after="goodbye")


async def test_a_get_action_carries_its_digits_in_the_address(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather numDigits='1' method='GET' action='menu?m=1'/>", menu="<Hangup/>")
    await phone.dials()
    await phone.presses("1")
    assert app.asked[-1][0].startswith("menu?m=1&CallSid=")
    assert app.asked[-1][0].endswith("&Digits=1")


async def test_a_caller_may_hear_all_before_hanging_up(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Gather><Say>one two three four five</Say></Gather>")
    await phone.dials()
    await phone.hangs_up(when_said=True)
    assert (phone.clock, phone.heard_seconds) == (2, 2)


async def test_a_caller_who_hangs_up_sends_no_digits(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather action='menu'/><Say>Still there?</Say>")
    await phone.dials()
    await phone.hangs_up()
    assert phone.ended
    assert app.paths == ["voice"]
    with pytest.raises(AssertionError, match="Expected the call to go on"):
        await phone.presses("1")


@pytest.mark.parametrize("keys", ["", "w", "1 2"])
async def test_only_keys_can_be_pressed(make_phone: MakePhone, keys: str) -> None:
    phone, _ = make_phone("<Gather/>")
    await phone.dials()
    with pytest.raises(AssertionError, match="Expected keys"):
        await phone.presses(keys)


async def test_a_caller_may_be_silent_for_as_long_as_they_like(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather/><Redirect>voice</Redirect>")
    await phone.dials()
    for _ in range(300):
        await phone.waits()
    assert not phone.ended
    assert len(app.asked) == 301
