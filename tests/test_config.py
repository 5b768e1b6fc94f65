"""Settings are read once, and errors in them say what to do."""

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ivr.config import CONTENT, Settings, content_folder, read_settings, settings_to_run_with, wrong_settings
from ivr.errors import SettingsError
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID

SECRET = "q" * 42 + "0"
WHOLE = {
    "IVR_PUBLIC_URL": "https://helpline.example/ivr/",
    "TWILIO_AUTH_TOKEN": "token-of-the-account",
    "IVR_SECRET_KEY": SECRET,
    "IVR_CALLER_ID": "+44 1632 960000",
    "IVR_ADVISERS": "+44 7700 900001, +447700900002,",
    "IVR_NUMBER": "0808 157 0000",
}
DEV = {"IVR_DEV": "1"}


@pytest.fixture(autouse=True)
def no_file_of_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def settings(environment: pytest.MonkeyPatch, given: dict[str, str]) -> Settings:
    for name, value in given.items():
        environment.setenv(name, value)
    return read_settings()


def refused(environment: pytest.MonkeyPatch, given: dict[str, str]) -> list[str]:
    """What is wrong, a line each."""
    with pytest.raises(SettingsError) as caught:
        settings(environment, given)
    return str(caught.value).splitlines()


def test_all_settings_are_read_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    read = settings(environment, WHOLE)
    assert read.public_url == "https://helpline.example/ivr"
    assert read.auth_token == "token-of-the-account"
    assert [len(secret) for secret in read.secrets] == [32]
    assert read.caller_id == "+441632960000"
    assert read.advisers == ("+447700900001", "+447700900002")
    assert (read.number, read.dev, read.now) == ("0808 157 0000", False, None)


def test_a_file_of_settings_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    lines = {**WHOLE, "SOMETHING_ELSE": "kept out"}.items()
    (tmp_path / ".env").write_text("".join(f'{name}="{value}"\n' for name, value in lines))
    read = settings(environment, {"IVR_ADVISERS": "+447700900009"})
    assert read.advisers == ("+447700900009",)
    assert read.number == "0808 157 0000"


def test_what_a_command_asks_for_goes_before_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IVR_PUBLIC_URL", "https://helpline.example")
    environment.setenv("IVR_DEV", "0")
    read = read_settings(dev=True, public_url="http://localhost")
    assert (read.dev, read.public_url) == (True, "http://localhost")


def test_a_setting_that_is_left_empty_counts_as_not_given(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("IVR_DEV=1\nIVR_SMS_FROM=\n")
    assert settings(environment, {"IVR_NUMBER": "", "IVR_TEXTS_PER_HOUR": ""}).texts_per_hour == 200


def test_development_needs_nothing_at_all(environment: pytest.MonkeyPatch) -> None:
    read = settings(environment, DEV)
    assert read.public_url == "http://localhost:8000"
    assert read.advisers == ()
    assert [len(secret) for secret in read.secrets] == [32]


def test_anything_else_needs_all_that_keeps_callers_safe(environment: pytest.MonkeyPatch) -> None:
    assert refused(environment, {}) == [
        "TWILIO_AUTH_TOKEN, IVR_SECRET_KEY, IVR_CALLER_ID, IVR_PUBLIC_URL must be set "
        "(IVR_DEV=1 does without, on this machine)"
    ]


@pytest.mark.parametrize("name", ["IVR_PUBLIC_URL", "TWILIO_AUTH_TOKEN", "IVR_SECRET_KEY", "IVR_CALLER_ID"])
def test_each_of_them_is_needed(environment: pytest.MonkeyPatch, name: str) -> None:
    given = {key: value for key, value in WHOLE.items() if key != name}
    assert refused(environment, given) == [f"{name} must be set (IVR_DEV=1 does without, on this machine)"]


def test_an_empty_token_is_no_token(environment: pytest.MonkeyPatch) -> None:
    assert refused(environment, WHOLE | {"TWILIO_AUTH_TOKEN": ""}) == [
        "TWILIO_AUTH_TOKEN must be set (IVR_DEV=1 does without, on this machine)"
    ]


@pytest.mark.parametrize("url", ["https://helpline.example", "http://192.0.2.1:8000", "https://localhost.example"])
def test_development_with_an_address_elsewhere_is_refused(environment: pytest.MonkeyPatch, url: str) -> None:
    assert refused(environment, DEV | {"IVR_PUBLIC_URL": url}) == [
        "IVR_DEV is for this machine only, and IVR_PUBLIC_URL is somewhere else"
    ]


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000/ivr", "https://LOCALHOST"]
)
def test_development_is_for_this_machine(environment: pytest.MonkeyPatch, url: str) -> None:
    assert settings(environment, DEV | {"IVR_PUBLIC_URL": url}).public_url == url


def test_a_clock_can_be_stopped_in_development_only(environment: pytest.MonkeyPatch) -> None:
    stopped = {"IVR_NOW": "2026-12-23T18:05:00+00:00"}
    assert settings(environment, DEV | stopped).clock() == datetime(2026, 12, 23, 18, 5, tzinfo=UTC)
    environment.delenv("IVR_DEV")
    assert refused(environment, WHOLE | stopped) == ["IVR_NOW stops the clock, which is for IVR_DEV=1 only"]


def test_the_clock_is_in_utc(environment: pytest.MonkeyPatch) -> None:
    stopped = settings(environment, DEV | {"IVR_NOW": "2026-07-01T00:30:00+01:00"}).clock()
    assert stopped.isoformat() == "2026-06-30T23:30:00+00:00"
    environment.delenv("IVR_NOW")
    assert settings(environment, WHOLE | {"IVR_DEV": "0"}).clock().tzinfo is UTC


@pytest.mark.parametrize("number", ["+448001234567", "+448081570000", "+44 808 157 0000"])
def test_a_freephone_number_is_not_shown_to_whom_we_ring(environment: pytest.MonkeyPatch, number: str) -> None:
    assert refused(environment, WHOLE | {"IVR_CALLER_ID": number}) == [
        "IVR_CALLER_ID: an 080 number may not be shown to the people we ring; take a geographic or 03 number"
    ]


@pytest.mark.parametrize(
    "number",
    ["1632 960000", "01632 96000", "+", "+44", "+4416329600001234", "anonymous", "+44x632960000", "+٤٤١٦٣٢٩٦٠٠٠٠"],
)
@pytest.mark.parametrize(("name", "which"), [("IVR_CALLER_ID", ""), ("IVR_ADVISERS", "number 1 of 1: ")])
def test_what_is_no_number_is_refused_and_not_repeated(
    environment: pytest.MonkeyPatch, name: str, which: str, number: str
) -> None:
    (problem,) = refused(environment, WHOLE | {name: number})
    assert problem == f"{name}: {which}write a telephone number, such as 01632 960000 or +441632960000"


@pytest.mark.parametrize("number", ["01632 960000", "+44 (0)1632 960000", "0044-1632-960000", "(01632) 960 000"])
def test_a_number_is_taken_as_people_write_it(environment: pytest.MonkeyPatch, number: str) -> None:
    advisers = f"{number.replace('960', '961')},{number.replace('960', '961')}"
    read = settings(environment, WHOLE | {"IVR_CALLER_ID": number, "IVR_ADVISERS": advisers})
    assert (read.caller_id, read.advisers) == ("+441632960000", ("+441632961000",) * 2)


@pytest.mark.parametrize("key", ["short", "q" * 44, "q" * 40, "!" * 43, "é" * 43])
def test_a_secret_that_is_not_32_bytes_is_refused_and_not_repeated(environment: pytest.MonkeyPatch, key: str) -> None:
    assert refused(environment, WHOLE | {"IVR_SECRET_KEY": key}) == [
        "IVR_SECRET_KEY: this must be 32 random bytes in url-safe base64; `ivr secret` makes one"
    ]


@pytest.mark.parametrize(
    "url",
    [
        "helpline.example",
        "ftp://helpline.example",
        "https://",
        "https://helpline.example/?a=1",
        "https://helpline.example/#a",
        "https://helpline.example:port",
        "https://helpline.example:99999",
        "https://[helpline",
    ],
)
def test_what_is_no_public_address_is_refused(environment: pytest.MonkeyPatch, url: str) -> None:
    assert refused(environment, WHOLE | {"IVR_PUBLIC_URL": url}) == [
        "IVR_PUBLIC_URL: this must be the address that Twilio calls, such as https://helpline.example"
    ]


@pytest.mark.parametrize("number", ["+44 808 157 0000", "0808-157-0000", "0808  157", " 0808", "call us"])
def test_our_own_number_is_written_as_it_is_said(environment: pytest.MonkeyPatch, number: str) -> None:
    (problem,) = refused(environment, WHOLE | {"IVR_NUMBER": number})
    assert problem == "IVR_NUMBER: write it in the groups it is said in, such as 0808 157 0000"


def test_all_that_is_wrong_is_told_at_once(environment: pytest.MonkeyPatch) -> None:
    wrong = {"IVR_SECRET_KEY": "short", "IVR_CALLER_ID": "+448081570000", "IVR_ADVISERS": "x", "IVR_NOW": "tomorrow"}
    problems = refused(environment, WHOLE | wrong)
    assert [problem.partition(":")[0] for problem in problems] == [
        "IVR_NOW",
        "IVR_SECRET_KEY",
        "IVR_CALLER_ID",
        "IVR_ADVISERS",
    ]


def test_settings_can_be_shown_without_their_secrets(environment: pytest.MonkeyPatch) -> None:
    shown = repr(settings(environment, WHOLE))
    assert SECRET not in shown
    assert "token-of-the-account" not in shown


def test_a_time_zone_of_the_stopped_clock_is_kept_right() -> None:
    stopped = datetime(2026, 12, 23, 18, 5, tzinfo=timezone(timedelta(hours=5)))
    assert Settings(dev=True, now=stopped).clock() == stopped


def test_a_new_secret_goes_before_an_old_one(environment: pytest.MonkeyPatch) -> None:
    old, new = "A" * 43, "B" * 42 + "A"
    assert len(settings(environment, WHOLE | {"IVR_SECRET_KEY": f"{new},{old}"}).secrets) == 2


@pytest.mark.parametrize("tokens", ["one,two", "one, two", " one ,two"])
def test_the_account_may_have_two_tokens_while_one_is_replaced(environment: pytest.MonkeyPatch, tokens: str) -> None:
    assert settings(environment, WHOLE | {"TWILIO_AUTH_TOKEN": tokens}).auth_token == "one,two"


@pytest.mark.parametrize("tokens", ["one,", ",", ",one", "one,two,three", "one,,two"])
def test_a_token_that_is_empty_or_a_third_one_is_refused_and_not_repeated(
    environment: pytest.MonkeyPatch, tokens: str
) -> None:
    assert refused(environment, WHOLE | {"TWILIO_AUTH_TOKEN": tokens}) == [
        "TWILIO_AUTH_TOKEN: this must be the auth token of the account, or two of them with a comma between"
    ]


def test_an_080_number_cannot_be_the_one_that_texts(environment: pytest.MonkeyPatch) -> None:
    told = refused(environment, WHOLE | {"IVR_SMS_FROM": "+448081570000"})
    assert told == ["IVR_SMS_FROM: an 080 number cannot text; take a UK mobile number of the provider's"]


def test_a_setting_left_empty_counts_as_not_set(environment: pytest.MonkeyPatch) -> None:
    left = {"IVR_ADVISERS": "", "IVR_NUMBER": "", "IVR_SMS_FROM": "", "DATABASE_URL": ""}
    read = settings(environment, WHOLE | left)
    assert (read.advisers, read.number, read.sms_from) == ((), None, None)
    assert read.database_url == f"sqlite:///{os.environ['XDG_DATA_HOME']}/ivr/helpline.db"
    assert refused(environment, WHOLE | {"IVR_SECRET_KEY": "", "IVR_PUBLIC_URL": ""}) == [
        "IVR_SECRET_KEY, IVR_PUBLIC_URL must be set (IVR_DEV=1 does without, on this machine)"
    ]


def test_texts_need_a_number_and_an_account(environment: pytest.MonkeyPatch) -> None:
    texting = WHOLE | {"IVR_SMS_FROM": "+447700900999", "TWILIO_ACCOUNT_SID": ACCOUNT_SID}
    assert not settings(environment, WHOLE).can_text
    assert settings(environment, texting).can_text


def test_advisers_are_rung_from_a_number_and_an_account(environment: pytest.MonkeyPatch) -> None:
    assert not Settings(dev=True, account_sid=ACCOUNT_SID, auth_token="token").can_ring
    assert not Settings(dev=True, account_sid=ACCOUNT_SID, caller_id="+441632960000").can_ring
    assert not settings(environment, WHOLE).can_ring
    assert settings(environment, WHOLE | {"TWILIO_ACCOUNT_SID": ACCOUNT_SID}).can_ring


def test_the_service_is_ours_unless_another_folder_is_set(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    assert content_folder() == CONTENT
    for name in ("flows", "prompts"):
        (tmp_path / "theirs" / name).mkdir(parents=True)
    (tmp_path / ".env").write_text("IVR_CONTENT=theirs\n")
    assert content_folder() == Path("theirs")
    assert settings(environment, DEV).content == Path("theirs")


def test_a_folder_without_flows_is_refused_before_anything_else_is_asked(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IVR_CONTENT", "nowhere")
    with pytest.raises(SettingsError, match=r"^IVR_CONTENT: there is no folder nowhere"):
        content_folder()


# The numbers of advisers are as strict as the rota.

NO_ADVISER = {
    "07700 90000": "write a telephone number",
    "0906 701 0000": "costs extra",
    "070 1234 5678": "is a personal number",
    "+33 1 23 45 67 89": "is abroad",
    "+44 1632 960000": "a number of the helpline itself",
    "0808 157 0000": "a number of the helpline itself",
    "07700 900999": "a number of the helpline itself",
    "0808 157 0123": "Nobody can be rung there",
}
"""Of the caller id, the number that is said, and the one that texts, which WHOLE and this test set."""


@pytest.mark.parametrize(("number", "reason"), NO_ADVISER.items())
def test_a_number_that_an_adviser_cannot_have_is_told_by_its_place_and_not_repeated(
    environment: pytest.MonkeyPatch, number: str, reason: str
) -> None:
    given = WHOLE | {"IVR_SMS_FROM": "+447700900999", "IVR_ADVISERS": f"07700 900001,{number},07700 900002"}
    (problem,) = refused(environment, given)
    assert problem.startswith("IVR_ADVISERS: number 2 of 3: ")
    assert reason in problem
    assert number not in problem


def test_all_advisers_that_cannot_be_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    (problem,) = refused(environment, WHOLE | {"IVR_ADVISERS": "x,07700 900001,0906 701 0000"})
    assert "number 1 of 3: " in problem and "; number 3 of 3: " in problem


def test_a_helpline_that_runs_rings_the_other_advisers_and_says_so(environment: pytest.MonkeyPatch) -> None:
    for name, value in (WHOLE | {"IVR_ADVISERS": "x,07700 900001,0906 701 0000"}).items():
        environment.setenv(name, value)
    read, told = settings_to_run_with()
    assert read.advisers == ("+447700900001",)
    assert [line.partition(": ")[0] for line in told] == ["IVR_ADVISERS"] * 2
    assert "number 1 of 3" in told[0] and "The others are rung." in told[0] and "number 3 of 3" in told[1]


# A helpline that runs goes on with what is right; a release does not begin.

HAS_A_DEFAULT = {
    "IVR_TEXTS_PER_HOUR": ("many", "texts_per_hour", 200),
    "IVR_TEXTS_PER_SECOND": ("-1", "texts_per_second", 1.0),
    "IVR_SMS_FROM": ("0808 157 0000", "sms_from", None),
    "IVR_NUMBER": ("call us", "number", None),
    "IVR_UNKNOWN_SECONDS": ("soon", "patience_unknown", 60.0),
}


@pytest.mark.parametrize("name", HAS_A_DEFAULT)
def test_a_setting_that_cannot_be_used_has_its_default_while_we_run_and_is_told(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    value, field, default = HAS_A_DEFAULT[name]
    for one, given in (WHOLE | {name: value}).items():
        environment.setenv(one, given)
    read, told = settings_to_run_with()
    assert getattr(read, field) == default
    [line] = told
    assert line.startswith(f"{name}: ") and line.endswith("; its default is used")
    assert [one.partition(":")[0] for one in wrong_settings()] == [name]


def test_all_that_cannot_be_used_is_told_while_we_run(environment: pytest.MonkeyPatch) -> None:
    wrong = {name: value for name, (value, _, _) in HAS_A_DEFAULT.items()} | {"IVR_ADVISERS": "x", "IVR_ADVISORS": "y"}
    for name, value in (WHOLE | wrong).items():
        environment.setenv(name, value)
    _, told = settings_to_run_with()
    assert {line.partition(":")[0] for line in told} == wrong.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/ivr"),
        ("IVR_PUBLIC_URL", "helpline.example"),
        ("IVR_SECRET_KEY", "short"),
        ("IVR_CALLER_ID", "+448081570000"),
        ("TWILIO_API_URL", "nowhere"),
        ("IVR_DEV", "perhaps"),
        ("IVR_CONTENT", "nowhere"),
    ],
)
def test_what_would_make_it_another_helpline_is_never_guessed(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for one, given in (WHOLE | {name: value, "IVR_TEXTS_PER_HOUR": "many"}).items():
        environment.setenv(one, given)
    with pytest.raises(SettingsError, match=name):
        settings_to_run_with()
    assert any(name in line for line in wrong_settings())


def test_what_is_needed_is_needed_while_we_run_too(environment: pytest.MonkeyPatch) -> None:
    for name, value in (WHOLE | {"TWILIO_AUTH_TOKEN": ""}).items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN must be set"):
        settings_to_run_with()


def test_a_misspelt_setting_is_told_with_the_one_that_it_may_stand_for(environment: pytest.MonkeyPatch) -> None:
    for name, value in (WHOLE | {"IVR_ADVISORS": "07700 900001", "SOMETHING_ELSE": "x"}).items():
        environment.setenv(name, value)
    told = ["IVR_ADVISORS: there is no such setting; did you mean IVR_ADVISERS? (.env.example lists all)"]
    assert settings_to_run_with()[1] == told == wrong_settings()


def test_a_misspelt_setting_that_is_needed_is_told_beside_what_is_missing(environment: pytest.MonkeyPatch) -> None:
    given = {name: value for name, value in WHOLE.items() if name != "TWILIO_AUTH_TOKEN"}
    missing, misspelt = refused(environment, given | {"TWILIO_AUTHTOKEN": "token"})
    assert missing.startswith("TWILIO_AUTH_TOKEN must be set")
    assert "did you mean TWILIO_AUTH_TOKEN?" in misspelt


def test_with_every_setting_right_there_is_nothing_to_tell(environment: pytest.MonkeyPatch) -> None:
    assert settings(environment, WHOLE) == settings_to_run_with()[0]
    assert settings_to_run_with()[1] == wrong_settings() == []


# Single sign-on.

OIDC = {
    "IVR_OIDC_ISSUER": "https://login.example/tenant",
    "IVR_OIDC_CLIENT_ID": "helpline",
    "IVR_OIDC_CLIENT_SECRET": "s3cr3t of ours",
    "IVR_OIDC_ROLES": "Helpline=adviser, CN=Bosses=administrator",
    "IVR_OIDC_NAME": "Devon County Council",
}


def test_single_sign_on_is_set_as_a_whole(environment: pytest.MonkeyPatch) -> None:
    assert settings(environment, WHOLE).identity_provider is None
    provider = settings(environment, OIDC | {"IVR_OIDC_ONLY": "1"}).identity_provider
    assert provider and provider.roles == {"Helpline": "adviser", "CN=Bosses": "administrator"}
    assert (provider.issuer, provider.groups_claim, provider.is_only_way) == (OIDC["IVR_OIDC_ISSUER"], "groups", True)
    assert "s3cr3t" not in repr(provider)


@pytest.mark.parametrize("name", OIDC)
def test_half_of_single_sign_on_is_told_and_stops_no_call(environment: pytest.MonkeyPatch, name: str) -> None:
    half = {**WHOLE, **OIDC}
    del half[name]
    assert refused(environment, half) == [f"{name} must be set too, or no setting of IVR_OIDC_…"]
    read, lines = settings_to_run_with()
    assert read.identity_provider is None
    assert lines == [f"{name} must be set too, or no setting of IVR_OIDC_…: until then there is no single sign-on"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("IVR_OIDC_ISSUER", "login.example", "the issuer's address as it writes it"),
        ("IVR_OIDC_ISSUER", "http://login.example", "https://login.example"),
        ("IVR_OIDC_ISSUER", "https://login.example?x=1", "the issuer's address"),
        ("IVR_OIDC_ROLES", "Helpline", "write group=role with commas between"),
        ("IVR_OIDC_ROLES", "Helpline=boss", "roles are adviser, manager, administrator"),
        ("IVR_OIDC_ROLES", "a=adviser,a=manager", "has two roles"),
        ("IVR_OIDC_NAME", "Devon\tCouncil", "in one line"),
    ],
)
def test_a_setting_of_single_sign_on_that_cannot_be_is_told_in_a_sentence(
    environment: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    [line] = refused(environment, {**WHOLE, **OIDC, name: value})
    assert line.startswith(f"{name}: ") and says in line
    read, lines = settings_to_run_with()
    assert read.identity_provider is None and lines[0].startswith(name)


def test_single_sign_on_alone_cannot_be_the_only_way_where_there_is_none(environment: pytest.MonkeyPatch) -> None:
    [line] = refused(environment, {**WHOLE, "IVR_OIDC_ONLY": "1"})
    assert line.startswith("IVR_OIDC_ISSUER, IVR_OIDC_CLIENT_ID") and "must be set too" in line
