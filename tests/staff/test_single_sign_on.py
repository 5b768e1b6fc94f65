"""Which role somebody's groups have, and what the setting of them may be."""

from hypothesis import given
from hypothesis import strategies as st

from ivr.identity_provider import ROLES, parse_roles
from ivr.staff.single_sign_on import role_of
from ivr.store.accounts import Role

GROUPS = st.sampled_from(["one", "two", "three", "four", "five"])
OF_GROUPS = st.dictionaries(GROUPS, st.sampled_from(ROLES))


@given(groups=st.lists(GROUPS), roles=OF_GROUPS)
def test_the_role_is_that_of_one_group_and_includes_those_of_all(groups: list[str], roles: dict[str, str]) -> None:
    found, theirs = role_of(groups, roles), {Role(roles[group]) for group in groups if group in roles}
    assert (found is None) is (not theirs)
    assert found is None or (found in theirs and all(found.includes(one) for one in theirs))


@given(
    roles=st.dictionaries(
        st.text(st.sampled_from("abc =/.-ü"), min_size=1).map(str.strip).filter(bool), st.sampled_from(ROLES)
    )
)
def test_whatever_a_group_is_called_its_role_is_read(roles: dict[str, str]) -> None:
    assert parse_roles(", ".join(f"{group} = {role}" for group, role in roles.items())) == roles


@given(text=st.text())
def test_anything_else_is_told_in_a_sentence(text: str) -> None:
    try:
        assert set(parse_roles(text).values()) <= set(ROLES)
    except ValueError as error:
        assert "group" in str(error)


def test_the_roles_of_the_setting_are_those_of_accounts_in_their_order() -> None:
    assert list(ROLES) == list(Role)
