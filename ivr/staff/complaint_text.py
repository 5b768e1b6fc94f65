"""The text with which a complaint about data is acknowledged, in the words of the prompts."""

from datetime import date

from ivr.engine.call_flows import CallFlows
from ivr.engine.environment import Environment
from ivr.engine.step import own
from ivr.helpline.data_complaints import ACKNOWLEDGEMENT, RECEIVED
from ivr.helpline.sms_bodies import contact_values, render_sms, written_date


def acknowledgement(flows: CallFlows, environment: Environment, received: date) -> str:
    """Return the text for a complaint that came on a day; "" where the flows take no complaints."""
    for at, step in flows.steps.items():
        if ACKNOWLEDGEMENT in step.answers():
            values = contact_values(step.writes_of(), environment, flows.words)
            day = written_date(received, flows.words.language.tag)
            return render_sms(flows.words, own(at, ACKNOWLEDGEMENT), values | {RECEIVED: day})
    return ""
