"""Which passwords are taken."""

import pytest

from ivr.errors import AccountRefused
from ivr.staff.accounts import Account, AccountState, Role
from ivr.staff.password_rules import check_password
from tests.store.fixtures import NOW

JO = Account("1", "Jo Marshall", "jo.m@tarka-care.example", Role.adviser, AccountState.invited, None, NOW)


@pytest.mark.parametrize(
    "password",
    [
        *("kettle orbit velvet", "KETTLEORBITVELVET", "1029384756qpwo", "ⅫÄölgraben am Tag", "%$#&*()!@^{}[]<>"),
        *("helpline kettle orbit", "marshall likes velvet", "x" * 50 + "kettle orbit velvet"),
    ],
)
def test_a_long_password_of_its_own_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_password(password, JO)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "12 characters or more"),
        ("kettleorbit", "12 characters or more"),
        ("kettle orbit velvet " * 11, "200 characters or fewer"),
        *(
            (one, "easily guessed")
            for one in ("jo.m@tarka-care.example", "Jo Marshall Jo Marshall", "MarshallMarshall1!")
        ),
        *((one, "easily guessed") for one in ("jo.m@tarka-care.example", "Jo Marshall Jo Marshall")),
        *((one, "easily guessed") for one in ("MarshallMarshall1!", "helpline helpline", "Send Devon Helpline 7")),
        *((one, "tried first") for one in ("passwordpassword", "Password123456!", "123456789012", "qwertyuiop12")),
        *((one, "tried first") for one in ("Summer2026Winter", "aaaaaaaaaaaaaa", "abababababababab")),
        *((one, "tried first") for one in ("letmein letmein", "correct horse battery staple", "Liverpool football")),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(AccountRefused, match=reason):
        check_password(password, JO)
