"""What Twilio would refuse is refused."""

import pytest

from ivr.simulator.twiml.errors import TwimlError
from ivr.simulator.twiml.parse import parse
from ivr.simulator.twiml.timing import Sound
from ivr.simulator.twiml.verbs import Dial, DialNumber, Gather, Pause, Record, Redirect, Say


def refused(inside: str) -> str:
    with pytest.raises(TwimlError) as refusal:
        parse(f"<Response>{inside}</Response>")
    return str(refusal.value)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<Foo/>", "<Foo> is not a TwiML verb."),  # unknown element: error
        ("<say>Hello</say>", "<say> is not a TwiML verb."),
        ("<Number>+447700900001</Number>", "<Number> is not played by this telephone."),
        ("<Sms>Hello</Sms>", "<Sms> is not played by this telephone."),
        ("<Enqueue/>", "<Enqueue> without waitUrl: this telephone has no music of its own."),
        ("Hello", "<Response> has words that no verb speaks."),
        ("<Pause/>Hello", "<Response> has words that no verb speaks."),
        ("<Say/>", "<Say> without words."),
        ("<Say volume='9'>Hello</Say>", "<Say> has no attribute volume."),
        ("<Say voice='Amy'>Hello</Say>", '<Say voice="Amy">: not a value it can have.'),
        ("<Say voice='woman'>Hello<break/></Say>", '<Say voice="woman">: this voice cannot speak SSML.'),
        ("<Say loop='-1'>Hello</Say>", '<Say loop="-1">: a whole number from 0.'),
        ("<Say><audio/></Say>", "<audio> cannot stand inside <Say>."),
        ("<Say><p>Hello <p>again</p></p></Say>", "<p> cannot stand inside <p>."),
        ("<Say>a<break time='1'/></Say>", '<break time="1">: not a value it can have.'),
        ("<Say>a<break time='11s'/></Say>", '<break time="11s">: at most 10 seconds.'),
        ("<Say>a<break>b</break></Say>", "<break> must be empty."),
        ("<Say>a<prosody speed='1'>b</prosody></Say>", "<prosody> has no attribute speed."),
        ("<Say>" + "word " * 1000 + "</Say>", "<Say> has more than 4096 characters."),
        ("<Play/>", "<Play> without an address."),
        ("<Play><Say>Hello</Say></Play>", "<Say> cannot stand inside <Play>."),
        ("<Pause length='0'/>", '<Pause length="0">: a whole number from 1.'),
        ("<Pause>Hello</Pause>", "<Pause> must be empty."),
        # Gather child other than Say/Play/Pause: TwiML error
        ("<Gather><Dial/></Gather>", "<Dial> cannot stand inside <Gather>: only Say, Play and Pause."),
        (
            "<Gather><Redirect>x</Redirect></Gather>",
            "<Redirect> cannot stand inside <Gather>: only Say, Play and Pause.",
        ),
        ("<Gather>Hello</Gather>", "<Gather> has words that no verb speaks."),
        ("<Gather numdigits='1'/>", "<Gather> has no attribute numdigits."),
        ("<Gather numDigits='0'/>", '<Gather numDigits="0">: a whole number from 1.'),
        ("<Gather timeout='0.5'/>", '<Gather timeout="0.5">: a whole number from 1.'),
        ("<Gather timeout='auto'/>", '<Gather timeout="auto">: a whole number from 1.'),
        ("<Gather finishOnKey='12'/>", '<Gather finishOnKey="12">: keys are 0 to 9, * and #.'),
        ("<Gather finishOnKey='a'/>", '<Gather finishOnKey="a">: keys are 0 to 9, * and #.'),
        ("<Gather method='PUT'/>", '<Gather method="PUT">: only POST, GET.'),
        ("<Gather actionOnEmptyResult='yes'/>", '<Gather actionOnEmptyResult="yes">: only false, true.'),
        ("<Gather action='a b'/>", '<Gather action="a b">: not a value it can have.'),
        ("<Gather input='dtmf speech'/>", '<Gather input="dtmf speech">: this telephone has keys only.'),
        ("<Dial/>", "<Dial> without a number."),
        ("<Dial><Number/></Dial>", "<Number> without a number."),
        ("<Dial><Conference>x</Conference></Dial>", "<Conference> inside <Dial> is not played by this telephone."),
        ("<Dial>+447700900001<Number>+447700900001</Number></Dial>", "<Dial> has words that no verb speaks."),
        ("<Dial>" + "<Number>+447700900001</Number>" * 11 + "</Dial>", "<Dial> rings at most 10 numbers."),
        ("<Dial callerId='anonymous'>+447700900001</Dial>", '<Dial callerId="anonymous">: not a value it can have.'),
        ("<Dial timeout='601'>+447700900001</Dial>", '<Dial timeout="601">: a whole number from 1 to 600.'),
        ("<Dial record='true'>+447700900001</Dial>", '<Dial record="true">: this telephone does not play it.'),
        ("<Redirect/>", "<Redirect> without an address."),  # Redirect empty: error
        ("<Redirect> </Redirect>", "<Redirect> without an address."),
        ("<Reject reason='closed'/>", '<Reject reason="closed">: only rejected, busy.'),  # Reject reason: rejected|busy
        ("<Hangup>Goodbye</Hangup>", "<Hangup> must be empty."),
        ("<Enqueue waitUrl='w'/>", "<Enqueue> wants the name of a queue, of at most 64 characters."),
        (
            "<Enqueue waitUrl='w'>" + "x" * 65 + "</Enqueue>",
            "<Enqueue> wants the name of a queue, of at most 64 characters.",
        ),
        ("<Enqueue waitUrl='w' waitUrlMethod='PUT'>q</Enqueue>", '<Enqueue waitUrlMethod="PUT">: only POST, GET.'),
        ("<Enqueue waitUrl='w' method='PUT'>q</Enqueue>", '<Enqueue method="PUT">: only POST, GET.'),
        (
            "<Enqueue waitUrl='w' workflowSid='W'>q</Enqueue>",
            '<Enqueue workflowSid="W">: this telephone does not play it.',
        ),
        (
            "<Enqueue waitUrl='w' maxQueueSize='0'>q</Enqueue>",
            '<Enqueue maxQueueSize="0">: a whole number from 1 to 5000.',
        ),
        ("<Enqueue waitUrl='w' timeout='5'>q</Enqueue>", "<Enqueue> has no attribute timeout."),
        ("<Enqueue waitUrl='w'><Task>{}</Task></Enqueue>", "<Task> cannot stand inside <Enqueue>."),
        ("<Leave>now</Leave>", "<Leave> must be empty."),
        ("<Leave a='b'/>", "<Leave> has no attribute a."),
        ("<Dial><Queue/></Dial>", "<Queue> wants the name of a queue, of at most 64 characters."),
        ("<Dial>now<Queue>q</Queue></Dial>", "<Dial> has words that no verb speaks."),
        ("<Dial><Queue url='u'>q</Queue></Dial>", '<Queue url="u">: this telephone does not play it.'),
        ("<Dial><Queue a='b'>q</Queue></Dial>", "<Queue> has no attribute a."),
        (
            "<Dial><Queue>q</Queue><Number>+447700900001</Number></Dial>",
            "<Queue> inside <Dial> is not played by this telephone.",
        ),
        ("<Record playBeep='no'/>", '<Record playBeep="no">: only true, false.'),
        ("<Record trim='all'/>", '<Record trim="all">: only trim-silence, do-not-trim.'),
        ("<Record transcribe='true'/>", '<Record transcribe="true">: this telephone does not play it.'),
        (
            "<Record recordingStatusCallbackEvent='completed,absent'/>",
            '<Record recordingStatusCallbackEvent="completed,absent">: any of completed, in-progress, absent.',
        ),
        (
            "<Record recordingStatusCallbackMethod='PUT'/>",
            '<Record recordingStatusCallbackMethod="PUT">: only POST, GET.',
        ),
        ("<Record maxLength='0'/>", '<Record maxLength="0">: a whole number from 1 to 14400.'),
    ],
)
def test_a_document_is_refused_with_the_element_that_is_wrong(inside: str, why: str) -> None:
    assert refused(inside) == why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<Reply/>", "The root must be <Response>, not <Reply>."),  # root not Response: error
        ("<Response a='b'/>", "<Response> has no attribute a."),
        ("Hello", "Not XML: syntax error: line 1, column 0."),
        ("", "Not XML: no element found: line 1, column 0."),
        ('<!DOCTYPE r [<!ENTITY a "b">]><Response/>', "A document has no DOCTYPE and no entities of its own."),
        (f"<Response><!--{'x' * 65536}--></Response>", "A document is at most 64 kB."),
    ],
)
def test_what_is_no_document_is_refused(text: str, why: str) -> None:
    with pytest.raises(TwimlError) as refusal:
        parse(text)
    assert str(refusal.value) == why


def test_comments_are_passed_over() -> None:
    """Comment nodes: ignored."""
    assert parse("<Response><!-- hello --><Pause/><!-- goodbye --></Response>") == (Pause(1),)


def test_a_declaration_of_encoding_is_fine() -> None:
    assert parse('<?xml version="1.0" encoding="UTF-8"?><Response><Pause/></Response>') == (Pause(1),)


def test_what_is_left_out_is_as_twilio_has_it() -> None:
    verbs = parse("<Response><Gather/><Dial>+447700900001</Dial><Record/><Redirect>x</Redirect></Response>")
    assert verbs == (
        Gather((), None, "POST", timeout=5, num_digits=None, finish_on_key="#", action_on_empty_result=False),
        Dial((DialNumber("+447700900001"),), None, "POST", timeout=30, time_limit=14400, caller_id=None),
        Record(None, "POST", timeout=5, max_length=3600, finish_on_key="1234567890*#"),
        Redirect("x", "POST"),
    )


def test_ssml_becomes_words_and_breaks() -> None:
    (say,) = parse(
        "<Response><Say voice='Polly.Amy-Neural' language='en-GB'><prosody rate='95%'><p>Ring <s>us</s> on</p>"
        "<break strength='strong'/><say-as interpret-as='digits'>0800</say-as></prosody> or "
        "<sub alias='the council'>LA</sub> <emphasis level='strong'>now</emphasis></Say></Response>"
    )
    assert isinstance(say, Say)
    assert say.text == "Ring us on 0 8 0 0 or the council now"
    assert Sound("", 0.5) in say.sounds
    assert sum(sound.seconds for sound in say.sounds) == pytest.approx(11 / 2.5 + 0.5)
