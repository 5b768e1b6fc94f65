"""Whole calls written down, and what is said when one goes otherwise."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from ivr.simulator.scenarios.actions import ACTIONS
from ivr.simulator.scenarios.environment import AppProcess, Environment
from ivr.simulator.scenarios.player import play
from ivr.simulator.scenarios.reader import ScenarioError, read_scenario
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.resources.message import MessageResource
from tests.simulator.hunt_app import ADVISER, ENQUEUE, HuntSetup
from tests.simulator.twiml_app import TwimlApp

MENU = "<Gather numDigits='1' action='menu?m=sealed'><Say>For a person, press 0.</Say></Gather>"
RING = f"<Dial action='done' callerId='+441632960000'><Number url='screen'>{ADVISER}</Number></Dial>"
ANSWERS = {
    "voice": f"<Say>Hello</Say>{MENU}<Redirect>voice</Redirect>",
    "menu": f"<Say>We ring</Say>{RING}",
    "screen": "<Gather numDigits='1' action='screened'><Say>A caller. Press 1.</Say></Gather><Hangup/>",
    "screened": "",
    "done": "<Gather numDigits='1'><Say>What else</Say></Gather>",
}


def factory(environment: Environment) -> AppProcess:
    return AppProcess(TwimlApp({**ANSWERS, **environment.settings}).app)


def written(folder: Path, call: str, more: str = "") -> Path:
    path = folder / "call.yaml"
    head = f"title: A call\nat: 2026-11-23T10:00\n{dedent(more)}call:\n"
    path.write_text(head + indent(dedent(call).strip("\n"), "  ") + "\n", encoding="utf-8")
    return path


async def test_a_whole_call_is_played(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        - dials
        - hears: [hello, "press 0"]
        - hears_not: goodbye
        - hears_within: {seconds: 4, words: press 0}
        - waits
        - replays
        - restarts
        - presses: {keys: 0, after: For a person}
        - hears: what else
        - dialled: ["+447700900001"]
        - shows: "+441632960000"
        - adviser_hears: A caller
        - hangs_up
        - ended
        """,
        'from: landline\nfar_ends: {"+447700900001": accepts}\n',
    )
    phone = await play(path, factory)
    assert phone.requests[0].form["From"] == "+441632960123"


THREE_TURNS = """\
settings:
  voice: <Gather numDigits='1' action='menu'><Say>This is us. For school, press 1. For all, press 2.</Say></Gather>
  menu: <Say>Here we are</Say><Gather numDigits='1' action='advice'><Say>For advice, press 1.</Say></Gather>
  advice: <Gather numDigits='1'><Say>Talk to the school first.</Say></Gather>
"""
TO_THE_ADVICE = "- dials\n- chooses: 1\n- marks: topic\n- chooses: 1\n- marks: advice\n"


@pytest.mark.parametrize(
    ("since", "seconds"),
    [
        ("", 2.8 + 1.2 + 1.6 + 2.0),  # seven words, three, four and five, at 2.5 a second
        (", since: topic", 1.2 + 1.6 + 2.0),
        (", since: advice", 2.0),
    ],
)
async def test_seconds_of_speech_are_counted_from_pick_up_or_from_the_key_press_that_a_mark_names(
    tmp_path: Path, since: str, seconds: float
) -> None:
    within = "- hears_within: {{seconds: {seconds:.2f}, words: the school first{since}}}"
    call = TO_THE_ADVICE + within
    await play(written(tmp_path, call.format(seconds=seconds + 0.05, since=since), THREE_TURNS), factory)
    with pytest.raises(AssertionError, match=rf":13: .* is heard after {seconds:.1f} seconds of speech"):
        await play(written(tmp_path, call.format(seconds=seconds - 0.05, since=since), THREE_TURNS), factory)


async def test_what_was_never_heard_was_said_in_no_turn_before(tmp_path: Path) -> None:
    before = "- dials\n- chooses: 1\n- never_heard: [talk to, goodbye]\n- chooses: 1\n"
    await play(written(tmp_path, before + "- never_heard: [goodbye, for health]", THREE_TURNS), factory)
    for phrase in ("for all", "here we are", "school first"):
        with pytest.raises(AssertionError, match=f':12: Expected never to hear "{phrase}"'):
            await play(written(tmp_path, f"{before}- never_heard: [goodbye, {phrase}]", THREE_TURNS), factory)


def test_a_script_is_read_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, "- presses: 01022026\n- waits", "from: withheld\nsettings: {IVR_NUMBER: 01392}\n")
    script = read_scenario(path)
    assert script.at.isoformat() == "2026-11-23T10:00:00+00:00"
    assert script.caller == "anonymous"
    assert script.settings == {"IVR_NUMBER": "01392"}
    assert [(step.line, step.action, step.texts) for step in script.steps] == [
        (6, "presses", ("01022026",)),
        (7, "waits", ()),
    ]


@pytest.mark.parametrize(
    ("call", "more", "says"),
    [
        ("- dails", "", '4: There is no action "dails": only adviser_hears, answers, '),
        ("- dials\n- hears", "", '5: "hears" is not followed by what it wants.'),
        ("- waits: [5, 6]", "", '4: "waits" is not followed by what it wants.'),
        ("- presses: [1, 2]", "", '4: "presses" is not followed by what it wants.'),
        ("- presses: {keys: 1, when: now}", "", '4: "presses" is not followed by what it wants.'),
        ("- presses: {after: now}", "", '4: "presses" is not followed by what it wants.'),
        ("- hears: hello\n  waits:", "", "4: One action a step."),
        ("- [dials]", "", "4: Fields are expected here."),
        ("- dials", "when: now\n", '3: There is no field "when".'),
        ("- dials", "title: Again\n", '3: "title" stands here twice.'),
        ("- dials", "at: noon\n", '3: "at" stands here twice.'),
        ("- dials", 'far_ends: {"+447700900001": sleeps}\n', '3: Nobody behaves like "sleeps": only accepts, '),
        ("dials", "", "4: A list is expected here."),
    ],
)
def test_what_is_unknown_is_refused_with_its_line(tmp_path: Path, call: str, more: str, says: str) -> None:
    path = written(tmp_path, call, more)
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(path)
    assert str(refusal.value).startswith(f"{path}:{says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: A call\ncall: []\n", '1: The field "at" is missing.'),
        ("title: A call\nat: noon\ncall: []\n", "2: Write the time as 2026-11-23T10:00."),
        ("title: [A call]\nat: 2026-11-23T10:00\ncall: []\n", "1: A text is expected here."),
        ("", "1: Fields are expected here."),
        ("title: 'A call\n", "2: This is not YAML we can read: found unexpected end of stream."),
        ("title: A call\nat: noon\ncall: [\n", "4: This is not YAML we can read: did not find expected node content."),
        ("title: A call\x00\n", " This is not YAML we can read: "),
    ],
)
def test_what_is_no_script_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(path)
    assert str(refusal.value).startswith(f"{path}:{says}")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("hears: goodbye", 'Expected to hear "goodbye". The call so far:\n0:00 caller: dials\n0:00 helpline: Hello'),
        ("hears_not: hello", 'Expected not to hear "hello".'),
        ("hears_within: {seconds: 1, words: press 0}", '"press 0" is heard after 2.4 seconds of speech.'),
        ("hears_within: {seconds: 9, words: press 0, since: topic}", 'Nothing before this marks "topic".'),
        ("never_heard: [goodbye, hello]", 'Expected never to hear "hello".'),
        ("presses: {keys: 1, after: goodbye}", 'Expected to hear "goodbye".'),
        ("says: Hello", "Expected something that records."),
        ("answers: accepts", "Expected a number that rings."),
        ('dialled: ["+447700900001"]', "Rung were [], not ['+447700900001']."),
        ('shows: "+441632960000"', "The number shown is [], not ['+441632960000']."),
        ("adviser_hears: A caller", 'Expected the far end to hear "A caller".'),
        ("tampers: everything", "Only memory, signature, no_signature or call can be tampered with."),
        ("failed", "The app did not fail the caller."),
        ("waiting", "The caller waits in no queue."),
        ("waits: a while", '"a while" is no number of seconds.'),
        ("hangs_up: gladly", 'Only untold, not "gladly".'),
        ("says: {words: Hello, hangs_up: gladly}", 'Only told, untold, not "gladly".'),
        ("recording_length: short", "Only right, zero, missing, not"),
        ("recording_arrives: soon", "Only after, before, late, twice, never, not"),
        ('connected: ["+447700900001"]', "Connected were [], not ['+447700900001']."),
        ("ended", "The call goes on."),
    ],
)
async def test_a_call_that_goes_otherwise_says_where(tmp_path: Path, step: str, expected: str) -> None:
    path = written(tmp_path, f"- dials\n- {step}")
    with pytest.raises(AssertionError) as otherwise:
        await play(path, factory)
    assert str(otherwise.value).startswith(f"{path}:5: {expected}")


async def test_an_app_that_fails_by_itself_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, "- dials\n- hears: error", "settings: {voice: <Foo/>}\n")
    with pytest.raises(AssertionError, match="The app failed: 12200 <Foo> is not a TwiML verb"):
        await play(path, factory)


async def test_an_app_can_be_broken_in_mid_call(tmp_path: Path) -> None:
    path = written(tmp_path, "- dials\n- breaks\n- presses: 0\n- hears: application error\n- failed\n- ended")
    await play(path, factory)
    path = written(tmp_path, "- dials\n- breaks\n- presses: 0\n- hears: Ring later\n- ended")
    await play(path, factory, fallback="<Response><Say>Ring later</Say></Response>")


async def test_an_answer_that_is_not_the_same_the_second_time_is_noticed(tmp_path: Path) -> None:
    asked: list[str] = []

    def counting(environment: Environment) -> AppProcess:
        def voice(form: dict[str, str]) -> str:
            asked.append("voice")
            word = environment.settings.get("word", len(asked))
            return f"<Gather action='menu?m={len(asked)}'><Say>Hello {word}</Say></Gather>"

        return AppProcess(TwimlApp({"voice": voice}).app)

    with pytest.raises(AssertionError, match="The same webhook is answered with"):
        await play(written(tmp_path, "- dials\n- replays"), counting)
    await play(written(tmp_path, "- dials\n- replays", "settings: {word: there}\n"), counting)


@pytest.mark.parametrize(
    ("kind", "memory"), [("memory", "seaAed"), ("call", "sealed"), ("signature", None), ("no_signature", None)]
)
async def test_webhooks_can_be_tampered_with(tmp_path: Path, kind: str, memory: str | None) -> None:
    made: list[TwimlApp] = []

    def remembering(environment: Environment) -> AppProcess:
        made.append(TwimlApp(ANSWERS))
        return AppProcess(made[-1].app)

    path = written(tmp_path, f"- dials\n- tampers: {kind}\n- presses: 0")
    phone = await play(path, remembering)
    assert bool(phone.failed) == (memory is None)
    assert len(made) == (2 if kind == "call" else 1)
    if memory:
        assert made[0].asked[1][0] == f"menu?m={memory}"
        assert made[0].asked[1][1]["CallSid"] == made[0].asked[0][1]["CallSid"]


async def test_the_memory_of_another_call_is_that_calls_own(tmp_path: Path) -> None:
    def sealed(environment: Environment) -> AppProcess:
        def voice(form: dict[str, str]) -> str:
            return f"<Gather numDigits='1' action='menu?m={form['CallSid']}'/>"

        def menu(form: dict[str, str]) -> str:
            return f"<Say>{'ours' if app.asked[-1][0] == 'menu?m=' + form['CallSid'] else 'another'}</Say>"

        app = TwimlApp({"voice": voice, "menu": menu})
        return AppProcess(app.app)

    await play(written(tmp_path, "- dials\n- tampers: call\n- presses: 0\n- hears: another"), sealed)
    await play(written(tmp_path, "- dials\n- presses: 0\n- hears: ours"), sealed)


async def test_memory_that_is_not_there_cannot_be_tampered_with(tmp_path: Path) -> None:
    path = written(tmp_path, "- tampers: memory\n- dials")
    with pytest.raises(AssertionError, match="carries no memory"):
        await play(path, factory)


async def test_a_number_may_be_left_ringing_and_a_message_left(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        - dials
        - answers: busy
        - hears: Leave a message
        - says: {words: It is Ann, key: "#"}
        - hears: Kept
        - ended
        """,
        f"""\
        far_ends: {{otherwise: rings}}
        settings:
          voice: <Dial>{ADVISER}</Dial><Say>Leave a message</Say><Record action="kept"/>
          kept: <Say>Kept</Say>
        """,
    )
    await play(path, factory)


class Helpline:
    """An app with somebody who rings advisers beside it, made for a script."""

    def __init__(self) -> None:
        self.stages: list[Environment] = []
        self.times: list[str] = []

    def __call__(self, environment: Environment) -> AppProcess:
        self.stages.append(environment)
        hunted = HuntSetup(ADVISER, twilio=environment.twilio, voice=self.voice(environment))
        return AppProcess(hunted.documents.app, hunted.round)

    def voice(self, environment: Environment) -> Callable[[dict[str, str]], str]:
        def voice(form: dict[str, str]) -> str:
            self.times.append(environment.clock().isoformat())
            return ENQUEUE

        return voice


async def test_a_caller_waits_in_a_script_and_is_put_through(tmp_path: Path) -> None:
    helpline = Helpline()
    path = written(
        tmp_path,
        """
        - dials
        - waiting
        - waits: 12
        - hears: It was bridged
        - dialled: ["+447700900001"]
        - connected: ["+447700900001"]
        - adviser_hears: {number: "+447700900001", words: A caller}
        - idles: 3
        - hangs_up: untold
        - ended
        """,
        "far_ends: {otherwise: accepts}\nrota: Ann on Mondays\nclosures: none\n",
    )
    await play(path, helpline, status_callback="https://helpline.example/status")
    (environment,) = helpline.stages
    assert (environment.rota, environment.closures) == ("Ann on Mondays", "none")
    assert helpline.times == ["2026-11-23T10:00:00+00:00"]
    assert environment.clock().isoformat() == "2026-11-23T10:01:11.600000+00:00"


async def test_somebody_who_rings_is_decided_about_in_a_script(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "- dials\n- answers: talks\n- waits\n- connected: [+447700900001]\n- hangs_up",
        "far_ends: {otherwise: rings}\n",
    )
    await play(path, Helpline())


async def test_the_clock_is_right_on_the_night_on_which_the_clocks_change(tmp_path: Path) -> None:
    path = written(tmp_path, "- dials\n- waits: 120\n- hangs_up", "far_ends: {otherwise: busy}\n")
    path.write_text(path.read_text("utf-8").replace("2026-11-23T10:00", "2026-10-25T01:59"), encoding="utf-8")
    helpline = Helpline()
    await play(path, helpline)
    assert helpline.stages[0].clock().strftime("%H:%M %Z") == "01:01 GMT"


MESSAGE = {
    "voice": "<Record action='kept' recordingStatusCallback='news'/><Say>Nothing</Say>",
    "kept": "<Gather><Say>Kept</Say></Gather>",
    "news": "",
}


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("- says: It is Ann", ["voice", "kept", "news"]),
        ("- recording_arrives: before\n- says: {words: It is Ann, key: 1}", ["voice", "news", "kept"]),
        ("- recording_arrives: twice\n- says: It is Ann\n- idles: 2", ["voice", "kept", "news", "news"]),
        ("- recording_arrives: never\n- says: It is Ann\n- hangs_up", ["voice", "kept"]),
        ("- recording_arrives: late\n- says: {words: It is Ann, hangs_up: told}", ["voice", "kept", "news"]),
        ("- says: {words: It is Ann, hangs_up: untold}", ["voice", "news"]),
    ],
)
async def test_a_message_is_left_in_a_script(tmp_path: Path, call: str, asked: list[str]) -> None:
    documents = TwimlApp(MESSAGE)
    await play(written(tmp_path, f"- dials\n{call}"), lambda environment: AppProcess(documents.app))
    assert documents.paths == asked


async def test_a_text_can_be_looked_for(tmp_path: Path) -> None:
    def texting(environment: Environment) -> AppProcess:
        async def sends() -> None:
            environment.twilio.messages.append(
                MessageResource("+447700900123", SENDER, "Your date", "", environment.clock())
            )

        return AppProcess(TwimlApp({"voice": "<Hangup/>"}).app, sends)

    await play(written(tmp_path, "- dials\n- texted: your date"), texting)
    with pytest.raises(AssertionError, match='No text says "your time"'):
        await play(written(tmp_path, "- dials\n- texted: your time"), texting)


def test_every_action_says_what_it_does() -> None:
    assert all(action.run.__doc__ for action in ACTIONS.values())
