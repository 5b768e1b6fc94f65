"""Executes `<Record>`: records what the caller says."""

from ivr.simulator.network.answers import HangUp, Speech
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import AwaitSpeech, Ending, Execution, SaveRecording
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twiml.verbs import Record


def execute_record(line: Line, record: Record) -> Execution:
    """Record the caller; after silence the next verb follows and the action is not requested.

    Without an action the same document is requested again: a loop, if the app does not expect it
    (https://www.twilio.com/docs/voice/twiml/record). A caller who hangs up after speaking has left a recording.
    """
    answer = yield AwaitSpeech(record.timeout)
    if not isinstance(answer, Speech):
        hung_up = isinstance(answer, HangUp)
        line.advance((), 0.0 if hung_up else record.timeout)
        yield _save(line, record, Speech(""), 0.0)
        return Ending.PARTY_HUNG_UP if hung_up else Ending.CONTINUE
    seconds = min(answer.seconds, record.max_length)
    key = answer.key if answer.key in record.finish_on_key else ""
    line.advance((), seconds if key or answer.hangs_up else seconds + record.timeout)
    recording: RecordingResource = yield _save(line, record, answer, seconds)
    fields = _action_form(line, recording) | {"Digits": "hangup" if answer.hangs_up else key}
    request = line.request(record.action, record.method, **fields)
    return (yield from line.report_hangup(request)) if answer.hangs_up else request


def _action_form(line: Line, recording: RecordingResource) -> dict[str, str]:
    form = recording.action_form()
    if line.recording_length == "missing":
        del form["RecordingDuration"]
    return form | ({"RecordingDuration": "0"} if line.recording_length == "zero" else {})


def _save(line: Line, record: Record, said: Speech, seconds: float) -> SaveRecording:
    callback = line.status_callback(record.callback, record.callback_method) if record.callback else None
    return SaveRecording(said.text, seconds, record.callback_events, callback, said.audio)
