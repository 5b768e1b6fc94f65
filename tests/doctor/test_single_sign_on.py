"""The check of single sign-on: does the identity provider answer, and is there a way in while it does not?"""

from collections.abc import Iterator

import pytest

from ivr.staff.accounts import Role
from tests.doctor.conftest import Patient
from tests.identity_provider.faults import Fault
from tests.identity_provider.server import IdentityServer, identity_server
from tests.staff.staff_accounts import person
from tests.web.webhooks import NOW

NO_OTHER_WAY = ("warning", "no administrator has a password or a passkey")


@pytest.fixture
def council() -> Iterator[IdentityServer]:
    with identity_server(lambda: NOW) as made:
        yield made


def sign_on_at(patient: Patient, council: IdentityServer) -> None:
    patient.change(
        oidc_issuer=council.issuer,
        oidc_client_id="helpline",
        oidc_client_secret="secret",
        oidc_roles={"advisers": "adviser"},
        oidc_name="Devon County Council",
    )


async def test_without_single_sign_on_there_is_nothing_to_look_at(patient: Patient) -> None:
    assert await patient.found("single_sign_on") == []


async def test_a_provider_that_answers_and_an_administrator_with_a_password_are_well(
    patient: Patient, council: IdentityServer
) -> None:
    sign_on_at(patient, council)
    [(severity, says)] = await patient.told("single_sign_on")
    assert severity == NO_OTHER_WAY[0] and says.startswith(NO_OTHER_WAY[1])
    await person(patient.subject.store, "Ada", Role.administrator)
    assert await patient.found("single_sign_on") == []


@pytest.mark.parametrize("fault", [Fault.IS_DOWN, Fault.HAS_ANOTHER_NAME, Fault.GIVES_NO_KEYS])
async def test_a_provider_that_does_not_answer_as_it_should_is_told_with_its_setting(
    patient: Patient, council: IdentityServer, fault: Fault
) -> None:
    sign_on_at(patient, council)
    council.faults = {fault}
    (severity, says), _ = await patient.told("single_sign_on")
    assert severity == "warning" and "IVR_OIDC_ISSUER" in says
