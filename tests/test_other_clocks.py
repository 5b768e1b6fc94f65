"""Exclusion and discrimination have clocks of their own: nothing there tells of an appeal, or of its dates."""

import re

import pytest

from tests.walk import HELPLINE, SERVICE

FLOWS = ("exclusion", "discrimination")
OF_AN_APPEAL = re.compile(r"certificate|two months|2 months|appeal|mediation|\{(?:deadline|send_by|contact_by)\}")
STEPS = SERVICE.steps


@pytest.mark.parametrize("flow", FLOWS)
def test_nothing_is_said_of_a_certificate_or_of_the_two_months_of_an_appeal(flow: str) -> None:
    sentences = {name: said.text for name, said in SERVICE.words.sentences.items()}
    ours = {name: text for name, text in sentences.items() if name.startswith((f"{flow}.", f"sms.text.{flow}."))}
    ours |= {name: text for name, text in sentences.items() if name == f"sms.text.{flow}"}
    assert len(ours) > 10
    assert {name: text for name, text in ours.items() if OF_AN_APPEAL.search(text)} == {}


@pytest.mark.parametrize("flow", FLOWS)
def test_no_key_leads_from_there_to_the_last_day_to_appeal(flow: str) -> None:
    leads = {target for at, step in STEPS.items() if at.startswith(f"{flow}/") for target in step.ways().values()}
    assert not {target for target in leads if target.startswith(("deadline/", "decisions/", "mediators/"))}


def test_the_ombudsman_is_offered_only_after_what_a_council_does() -> None:
    offers = {at for at, step in STEPS.items() if "numbers/ombudsman" in step.ways().values()}
    assert {"ombudsman/next", "social_care/next"} <= offers
    assert not {at for at in offers if at.startswith(FLOWS)}
    behind = {step.ways()["1"] for at, step in STEPS.items() if at in ("school/after_governors", "school/college")}
    assert behind == {"school/next"}


@pytest.mark.parametrize("flow", FLOWS)
def test_every_rule_that_is_stated_there_is_verified(flow: str) -> None:
    stated = {rule for at, step in STEPS.items() if at.startswith(f"{flow}/") for rule in step.stated()}
    assert stated
    assert {HELPLINE.rules[rule].sure for rule in stated} == {"V"}
