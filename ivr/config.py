"""The settings, read once from the environment and `.env`."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from ivr.database_file import default_url
from ivr.errors import SettingsError
from ivr.identity_provider import IdentityProvider
from ivr.setting_files import SUFFIX, invalid_lines, values_in, with_files
from ivr.setting_names import unknown_settings
from ivr.setting_values import (
    AccountSid,
    Address,
    AdviserNumbers,
    AuthTokens,
    CallerId,
    CanaryNumber,
    DatabaseUrl,
    GroupRoles,
    Issuer,
    Moment,
    Networks,
    OneLine,
    PingUrl,
    Secrets,
    SmsSender,
    SmtpUrl,
    SpokenNumber,
    Words,
    decoded,
    own_numbers,
)
from ivr.smtp_url import SmtpServer, parse_smtp_url

HERE = Path(__file__).parent
CONTENT = HERE / "content" if (HERE / "content").is_dir() else HERE.parent
"""The default folder with `flows/` and `prompts/`: inside an installed package, beside it in a checkout."""
EXAMPLE = CONTENT / "examples/westshire"
"""The content of a fictional county: the template of `ivr new`."""

FILE = Path(".env")
"""The file of settings, in the folder in which a command is run."""
LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})
THIS_MACHINE = ip_network("127.0.0.1"), ip_network("::1")
CONTENT_FOLDERS = ("flows", "prompts")
NEVER_GUESSED = frozenset(
    {
        *("IVR_PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL", "IVR_SECRET_KEY"),
        *("IVR_CALLER_ID", "DATABASE_URL", "IVR_CONTENT", "IVR_DEV", "IVR_NOW"),
    }
)
"""Settings without which, or with another value, a helpline would be another one: it does not start with a default."""
NEEDED_FOR_OIDC = {
    "oidc_issuer": "IVR_OIDC_ISSUER",
    "oidc_client_id": "IVR_OIDC_CLIENT_ID",
    "oidc_client_secret": "IVR_OIDC_CLIENT_SECRET",
    "oidc_roles": "IVR_OIDC_ROLES",
    "oidc_name": "IVR_OIDC_NAME",
}
"""What single sign-on needs, by field."""


def content_of(folder: Path) -> Path:
    """Return a folder that has flows and prompts; raises ValueError for any other."""
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; `ivr new` makes one that has all it needs")
    for name in CONTENT_FOLDERS:
        if not (folder / name).is_dir():
            raise ValueError(f"there is no {name}/ in {folder}; `ivr new` makes one that has all it needs")
    return folder


class ClockSettings(BaseModel):
    """The settings of commands that need no more than the time."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore", validate_default=True)

    now: Moment = Field(None, alias="IVR_NOW")

    def clock(self) -> datetime:
        """Return the time in UTC; development can freeze it."""
        return self.now.astimezone(UTC) if self.now else datetime.now(UTC)


class ContentSettings(ClockSettings):
    """The settings of commands that only read flows and prompts."""

    content: Annotated[Path, AfterValidator(content_of)] = Field(CONTENT, alias="IVR_CONTENT")


Model = TypeVar("Model", bound=ClockSettings)


class Settings(ContentSettings):
    """All settings; `.env.example` explains each one."""

    public_url: Address = Field("http://localhost:8000", alias="IVR_PUBLIC_URL")
    auth_token: AuthTokens = Field("", alias="TWILIO_AUTH_TOKEN", repr=False)
    secret_key: Secrets = Field("A" * 43, alias="IVR_SECRET_KEY", repr=False)
    caller_id: CallerId | None = Field(None, alias="IVR_CALLER_ID")
    number: SpokenNumber | None = Field(None, alias="IVR_NUMBER")
    account_sid: AccountSid = Field("", alias="TWILIO_ACCOUNT_SID")
    api_url: Address = Field("https://api.twilio.com", alias="TWILIO_API_URL")
    database_url: DatabaseUrl = Field("", alias="DATABASE_URL", repr=False, validate_default=False)
    sms_from: SmsSender | None = Field(None, alias="IVR_SMS_FROM")
    canary_number: CanaryNumber | None = Field(None, alias="IVR_CANARY_NUMBER", repr=False)
    # After the numbers that are ours, which no adviser has.
    advisers: AdviserNumbers = Field((), alias="IVR_ADVISERS", repr=False)
    text_prefixes: Words = Field(("+447",), alias="IVR_TEXT_PREFIXES")
    text_islands: bool = Field(False, alias="IVR_TEXT_ISLANDS")
    texts_per_second: float = Field(1.0, alias="IVR_TEXTS_PER_SECOND", gt=0)
    calls_per_second: float = Field(1.0, alias="IVR_CALLS_PER_SECOND", gt=0)
    low_balance: float = Field(20.0, alias="IVR_LOW_BALANCE", allow_inf_nan=False)
    unanswered_per_hour: int = Field(12, alias="IVR_UNANSWERED_PER_HOUR", ge=1)
    remind_of_shifts: int = Field(20, alias="IVR_REMIND_OF_SHIFTS", ge=0, le=168)
    texts_per_number: int = Field(8, alias="IVR_TEXTS_PER_NUMBER", ge=0)
    texts_per_hour: int = Field(200, alias="IVR_TEXTS_PER_HOUR", ge=0)
    inbox_per_number: int = Field(20, alias="IVR_INBOX_PER_NUMBER", ge=0)
    inbox_per_hour: int = Field(300, alias="IVR_INBOX_PER_HOUR", ge=0)
    callbacks_per_number: int = Field(3, alias="IVR_CALLBACKS_PER_NUMBER", ge=0)
    callbacks_per_hour: int = Field(60, alias="IVR_CALLBACKS_PER_HOUR", ge=0)
    messages_per_number: int = Field(5, alias="IVR_MESSAGES_PER_NUMBER", ge=0)
    messages_per_hour: int = Field(60, alias="IVR_MESSAGES_PER_HOUR", ge=0)
    caller_share: int = Field(25, alias="IVR_CALLER_SHARE", ge=1, le=100)
    other_numbers_per_call: int = Field(3, alias="IVR_OTHER_NUMBERS_PER_CALL", ge=0)
    other_numbers_per_caller: int = Field(5, alias="IVR_OTHER_NUMBERS_PER_CALLER", ge=0)
    other_numbers_withheld: int = Field(8, alias="IVR_OTHER_NUMBERS_WITHHELD", ge=0)
    metrics_from: Networks = Field(THIS_MACHINE, alias="IVR_METRICS_FROM")
    console_proxy: Networks = Field(THIS_MACHINE, alias="IVR_CONSOLE_PROXY")
    smtp_url: SmtpUrl = Field("", alias="IVR_SMTP_URL", repr=False)
    oidc_issuer: Issuer = Field("", alias="IVR_OIDC_ISSUER")
    oidc_client_id: OneLine = Field("", alias="IVR_OIDC_CLIENT_ID")
    oidc_client_secret: OneLine = Field("", alias="IVR_OIDC_CLIENT_SECRET", repr=False)
    oidc_groups_claim: OneLine = Field("groups", alias="IVR_OIDC_GROUPS_CLAIM")
    oidc_roles: GroupRoles = Field({}, alias="IVR_OIDC_ROLES")
    oidc_name: OneLine = Field("", alias="IVR_OIDC_NAME")
    oidc_only: bool = Field(False, alias="IVR_OIDC_ONLY")
    waiting_hours: float = Field(8.0, alias="IVR_WAITING_HOURS", gt=0)
    backup_hours: float = Field(36.0, alias="IVR_BACKUP_HOURS", ge=0)
    log_format: Literal["plain", "json"] = Field("plain", alias="IVR_LOG_FORMAT")
    ping_url: PingUrl = Field("", alias="IVR_PING_URL", repr=False)
    patience_unknown: float = Field(60.0, alias="IVR_UNKNOWN_SECONDS", gt=0)
    dev: bool = Field(False, alias="IVR_DEV")

    @model_validator(mode="after")
    def _default_database(self) -> Self:
        """Fill in the database, which is another one in development; these settings are frozen, but not yet out."""
        if not self.database_url:
            self.__dict__["database_url"] = default_url(os.environ, dev=self.dev)
        return self

    @model_validator(mode="after")
    def _required_settings(self) -> Self:
        """Validate that secrets are set; development does without, and only on this machine."""
        here = urlsplit(self.public_url).hostname in LOCALHOST
        if self.dev:
            if not here:
                raise ValueError("IVR_DEV is for this machine only, and IVR_PUBLIC_URL is somewhere else")
            return self
        needed = {"TWILIO_AUTH_TOKEN": "auth_token", "IVR_SECRET_KEY": "secret_key", "IVR_CALLER_ID": "caller_id"}
        missing = [
            name for name, field in needed.items() if not getattr(self, field) or field not in self.model_fields_set
        ]
        if "public_url" not in self.model_fields_set:
            missing.append("IVR_PUBLIC_URL")
        if missing:
            raise ValueError(f"{', '.join(missing)} must be set (IVR_DEV=1 does without, on this machine)")
        if self.now:
            raise ValueError("IVR_NOW stops the clock, which is for IVR_DEV=1 only")
        return self

    @model_validator(mode="after")
    def _whole_identity_provider(self, info: ValidationInfo) -> Self:
        """Validate that single sign-on is set as a whole; with a list as context, what is missing goes there."""
        missing = [name for field, name in NEEDED_FOR_OIDC.items() if not getattr(self, field)]
        if not missing or (len(missing) == len(NEEDED_FOR_OIDC) and not self.oidc_only):
            return self
        says = f"{', '.join(missing)} must be set too, or no setting of IVR_OIDC_…"
        lines: list[str] | None = info.context
        if lines is None:
            raise ValueError(says)
        lines.append(f"{says}: until then there is no single sign-on")
        return self

    @property
    def identity_provider(self) -> IdentityProvider | None:
        """The identity provider by which staff sign in; None unless all of it is set."""
        if not all(getattr(self, field) for field in NEEDED_FOR_OIDC):
            return None
        who = self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret, self.oidc_name
        return IdentityProvider(*who, self.oidc_groups_claim, self.oidc_roles, self.oidc_only)

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """The keys, 32 bytes each: the first encrypts, all decrypt, so that keys can be rotated."""
        return tuple(decoded(key) for key in self.secret_key.split(","))

    @property
    def own_numbers(self) -> frozenset[str]:
        """The helpline's own numbers (E.164)."""
        return own_numbers(self.__dict__)

    @property
    def smtp(self) -> SmtpServer | None:
        """The server through which staff are sent e-mails; without one, links are shown to the administrator."""
        return parse_smtp_url(self.smtp_url) if self.smtp_url else None

    @property
    def can_text(self) -> bool:
        """Whether there is a number and an account to send texts from; if not, none is offered."""
        return bool(self.account_sid and self.auth_token and self.sms_from)

    @property
    def can_ring(self) -> bool:
        """Whether there is an account to call people from, and a caller id."""
        return bool(self.account_sid and self.auth_token and self.caller_id)

    @property
    def can_test_call(self) -> bool:
        """Whether there is a second number to ring ours from, and an account to ring with."""
        return bool(self.account_sid and self.auth_token and self.number and self.canary_number)

    @property
    def can_fetch(self) -> bool:
        """Whether there is an account to fetch recordings from; if not, no message is taken."""
        return bool(self.account_sid and self.auth_token)


SETTINGS = frozenset(str(field.alias) for field in Settings.model_fields.values())
"""The name of every setting."""
KNOWN = SETTINGS | {f"{name}{SUFFIX}" for name in SETTINGS}
"""What may be set: each setting, or a file that has its value."""


def read_settings(**settings: Any) -> Settings:
    """Return the settings of the environment and of `.env` in this folder; arguments override them.

    Raises SettingsError with all errors.
    """
    return _read(Settings, **settings)


def content_folder() -> Path:
    """Return the folder with flows and prompts; no other setting is needed.

    Raises SettingsError if IVR_CONTENT names a folder without them.
    """
    return _read(ContentSettings).content


def current_time() -> datetime:
    """Return the time in UTC, or that of IVR_NOW; no other setting is needed."""
    return _read(ClockSettings).clock()


def settings_to_run_with(**settings: Any) -> tuple[Settings, list[str]]:
    """Return the settings as far as they can be used, and a line for each that cannot or that nobody reads.

    A helpline that runs goes on with the rest, and logs these lines: a quota that is no number has its default, an
    adviser's number that cannot be rung is left out. Raises SettingsError for what is `NEVER_GUESSED`.
    """
    variables, told = _variables(Settings), invalid_lines(FILE)
    while True:
        lines = list[str]()
        try:
            read = _validated(Settings, variables, settings, lines)
            return read, [*told, *lines, *unknown_settings(variables, KNOWN)]
        except ValidationError as error:
            wrong = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
            if wrong & NEVER_GUESSED or not wrong & variables.keys():
                raise _refused(error, variables) from None
            told += [f"{_error_line(detail)}; its default is used" for detail in error.errors()]
            variables = {name: value for name, value in variables.items() if name not in wrong}


def wrong_settings() -> list[str]:
    """Return a line for each setting that is missing, cannot be used, or is misspelt: with any, nothing is released."""
    try:
        variables = _variables(Settings)
    except SettingsError as error:
        return str(error).splitlines()
    try:
        _validated(Settings, variables, {})
    except ValidationError as error:
        return [*invalid_lines(FILE), *str(_refused(error, variables)).splitlines()]
    return [*invalid_lines(FILE), *unknown_settings(variables, KNOWN)]


def why_refused(name: str, variables: Mapping[str, str]) -> str:
    """Return why the value of one setting cannot be used, beside the others; "" if it can."""
    try:
        _validated(Settings, variables, {})
    except ValidationError as error:
        return "; ".join(_error_line(one).removeprefix(f"{name}: ") for one in error.errors() if name in one["loc"][:1])
    return ""


def _read(model: type[Model], **settings: Any) -> Model:
    variables = _variables(model)
    try:
        return _validated(model, variables, settings)
    except ValidationError as error:
        raise _refused(error, variables) from None


def _variables(model: type[ClockSettings]) -> dict[str, str]:
    """Return what is set in the environment and in `.env`, and in the files they name; an empty one counts as unset.

    Only files with settings of the model are read: `ivr deadline` needs no secret.
    """
    variables = {name: value for name, value in {**values_in(FILE), **os.environ}.items() if value}
    return with_files(variables, {str(field.alias) for field in model.model_fields.values()})


def _validated(
    model: type[Model], variables: Mapping[str, str], settings: Mapping[str, Any], lines: list[str] | None = None
) -> Model:
    overrides = {model.model_fields[name].alias: value for name, value in settings.items()}
    return model.model_validate({**variables, **overrides}, context=lines)


def _refused(error: ValidationError, variables: Mapping[str, str]) -> SettingsError:
    return SettingsError("\n".join([*map(_error_line, error.errors()), *unknown_settings(variables, KNOWN)]))


def _error_line(detail: Any) -> str:
    name = " ".join(map(str, detail["loc"][:1]))
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
