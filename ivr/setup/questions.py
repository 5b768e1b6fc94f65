"""What is asked when a helpline is set up, in this order: each setting, and what it is for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A setting that is asked for; `explains` says what it is for and where to find it."""

    setting: str
    title: str
    explains: str
    is_secret: bool = False
    is_optional: bool = False
    default: str = ""


QUESTIONS = (
    Question(
        "IVR_PUBLIC_URL",
        "Public address",
        "The address at which Twilio will reach this helpline, such as https://helpline.example. "
        "Your proxy answers there with a certificate (docs/deployment.md).",
    ),
    Question(
        "TWILIO_ACCOUNT_SID",
        "Twilio account",
        "The account SID, from the first page of the Twilio console. It begins with AC.",
    ),
    Question(
        "TWILIO_AUTH_TOKEN",
        "Twilio token",
        "The auth token, from the same page. Whoever has it can make calls at your cost: it is not shown here.",
        is_secret=True,
    ),
    Question(
        "IVR_NUMBER",
        "Number that callers dial",
        "Written in the groups it is spoken in, such as 0808 157 0000.",
    ),
    Question(
        "IVR_CALLER_ID",
        "Number that is shown",
        "What advisers and callers see when we ring them: a geographic (01, 02) or 03 number of the account. "
        "An 080 number may not be shown.",
    ),
    Question(
        "IVR_SMS_FROM",
        "Number that texts",
        "A UK mobile number of the account: an 080 number cannot text. Without one, no text is offered to anybody.",
        is_optional=True,
    ),
    Question(
        "IVR_ADVISERS",
        "Advisers",
        "The telephones that ring when a caller wants a person, with commas between them, until there is a rota "
        "(`ivr rota`). None of our own numbers.",
        is_optional=True,
    ),
    Question(
        "IVR_CANARY_NUMBER",
        "Number of the daily test call",
        "A second UK mobile number of the account, which nobody else uses: once a day the helpline is rung from it, to "
        "see that a caller would be served (`ivr canary`). Without one, you hear of a fault from callers.",
        is_optional=True,
    ),
    Question(
        "IVR_CALLS_PER_SECOND",
        "Calls a second",
        "How many calls a second the account may place, which Twilio tells no program: 1, unless you asked for more "
        "(Twilio console, Voice > Settings).",
        is_optional=True,
        default="1.0",
    ),
    Question(
        "DATABASE_URL",
        "Database",
        "Enter for a file on this machine, which is enough for one machine; for PostgreSQL, "
        "postgresql://ivr:password@localhost/ivr.",
        is_secret=True,
        is_optional=True,
        default="a file on this machine",
    ),
    Question(
        "IVR_SMTP_URL",
        "Mail server",
        "For invitations and warnings to staff, such as "
        "smtps://user:password@mail.example:465?from=helpline@mail.example. "
        "Without one, links are shown to the administrator.",
        is_secret=True,
        is_optional=True,
    ),
    Question(
        "IVR_PING_URL",
        "Dead-man service",
        "An address that a service such as healthchecks.io gave you. It is asked every two minutes while all is well; "
        "when that stops, the service tells you. Without one, nobody is told when the whole machine is gone.",
        is_secret=True,
        is_optional=True,
    ),
)
KEY = "IVR_SECRET_KEY"
"""It is not asked for, but made."""
