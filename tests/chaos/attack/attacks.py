"""Every attack on the staff pages, in the order of the page."""

from tests.chaos.attack.attack import Attack
from tests.chaos.attack.forgery import forging_a_form, using_ids_of_others, writing_markup_into_fields
from tests.chaos.attack.guessing import guessing_a_code, guessing_a_link, guessing_a_password, guessing_a_session
from tests.chaos.attack.signing_in import forging_a_passkey, forging_a_single_sign_on
from tests.chaos.attack.theft import fixing_a_session, stealing_a_session

ATTACKS = tuple(
    map(
        Attack,
        (
            *(guessing_a_password, guessing_a_code, guessing_a_session, guessing_a_link),
            *(forging_a_passkey, forging_a_single_sign_on),
            *(stealing_a_session, fixing_a_session),
            *(forging_a_form, writing_markup_into_fields, using_ids_of_others),
        ),
    )
)
