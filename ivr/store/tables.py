"""Every table, and in which columns a caller could be recognised.

`number` and `body` are encrypted with the secret. `blind_index` is the keyed hash of a number, whose key is in
`index_keys`. All times are UTC.
How long each row is kept is in `retention.py`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from ivr.store.timestamps import Timestamp

metadata = MetaData()

idempotency_keys = Table(
    "idempotency_keys",  # the outcome of each effect, so that the same webhook again gets the same
    metadata,
    Column("key", LargeBinary, primary_key=True),  # a keyed hash: it does not tell which call
    Column("outcome", Text, nullable=False),
    Column("made", Timestamp, nullable=False),
)

sms_outbox = Table(
    "sms_outbox",  # texts to be sent
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("promised", Timestamp, nullable=False),
    Column("due", Timestamp, nullable=False),
    Column("good_until", Timestamp),  # not to be sent later than this
    Column("tried", Timestamp),  # when the last attempt was claimed
    Column("attempts", Integer, nullable=False, default=0),
    Column("resent", Integer, nullable=False, default=0),
    Column("lease", Timestamp),  # the worker that claimed it has until then
    Column("look_at", Timestamp),  # when to look for it at the provider
    Column("looks", Integer, nullable=False, default=0),
    Column("sid", Text),  # at the provider
    Column("reason", Text),  # why it failed, for staff
    Column("changed", Timestamp, nullable=False),  # when it came to its state
    Column("sent_by", Text),  # which of staff had it sent, if it was not the caller
    Index("sms_outbox_by_state", "state", "due"),
    Index("sms_outbox_by_blind_index", "blind_index", "promised"),
    Index("sms_outbox_by_promised", "promised"),
)

reminders = Table(
    "reminders",  # texts of later weeks; on its day one moves to the outbox
    metadata,
    Column("id", Text, primary_key=True),  # the text's id from that day on
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("topic", Text, nullable=False),
    Column("due", Timestamp, nullable=False),
    Column("promised", Timestamp, nullable=False),
    Index("reminders_by_due", "due"),
    Index("reminders_by_blind_index", "blind_index"),
    Index("reminders_by_promised", "promised"),
)

quota_usage = Table(
    "quota_usage",  # who asked for what, so that nobody uses up what is for all
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("caller", LargeBinary),  # the blind index of the number that rang; none if it was withheld
    Column("call", LargeBinary, nullable=False),  # the blind index of the CallSid
    Column("other", LargeBinary),  # the blind index of the number it was for, if that is another
    Column("amount", Integer, nullable=False),
    Column("at", Timestamp, nullable=False),
    Index("quota_usage_by_caller", "caller", "at"),
    Index("quota_usage_by_other", "other"),
    Index("quota_usage_by_at", "at"),
)

blocks = Table(
    "blocks",  # callers who are put through to nobody for a while
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),  # why, encrypted
    Column("since", Timestamp, nullable=False),
    Column("until", Timestamp, nullable=False),
    Column("set_by", Text, nullable=False),
    Index("blocks_by_until", "until"),
)

data_complaints = Table(
    "data_complaints",  # about what we do with somebody's data (Data Protection Act 2018, s. 164A)
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", LargeBinary),  # of whoever complains, encrypted
    Column("number", LargeBinary),
    Column("blind_index", LargeBinary),
    Column("contact", LargeBinary),  # an e-mail or postal address, encrypted
    Column("body", LargeBinary, nullable=False),  # what they complain of, encrypted; empty while it is only spoken
    Column("voicemail", Text),  # in which they spoke it
    Column("channel", Text, nullable=False),  # how it came: telephone, text, email, letter, in_person
    Column("received", Date, nullable=False),
    Column("acknowledge_by", Date, nullable=False),
    Column("acknowledged", Date),
    Column("acknowledged_how", Text),
    Column("state", Text, nullable=False),  # open, closed
    Column("outcome", Text),  # upheld, partly_upheld, not_upheld, withdrawn
    Column("answer", LargeBinary),  # what they were told, encrypted
    Column("answered_how", Text),
    Column("taken_by", Text, nullable=False),
    Column("taken", Timestamp, nullable=False),
    Column("closed_by", Text),
    Column("closed", Date),
    Column("changed", Timestamp, nullable=False),
    Index("data_complaints_by_state", "state", "acknowledge_by"),
    Index("data_complaints_by_voicemail", "voicemail"),
    Index("data_complaints_by_blind_index", "blind_index"),
)

opt_outs = Table(
    "opt_outs",  # who said STOP
    metadata,
    Column("blind_index", LargeBinary, primary_key=True),
    Column("since", Timestamp, nullable=False),
    Column("source", Text),  # who holds it: provider, caller, staff; empty in rows before schema 007
)

sms_inbox = Table(
    "sms_inbox",  # texts that came in, for staff
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("received", Timestamp, nullable=False),
    Column("media", Integer, nullable=False, server_default="0"),  # pictures and the like, of which we keep none
    Column("claimed_by", Text),
    Column("claimed", Timestamp),
    Column("done_by", Text),
    Column("done", Timestamp),
    Column("answer", Text),  # the text in the outbox that staff answered with
    Index("sms_inbox_by_blind_index", "blind_index", "received"),
    Index("sms_inbox_by_received", "received"),
    Index("sms_inbox_by_done", "done", "received"),
)

call_events = Table(
    "call_events",  # one for each answer to a caller, and one for the end of the call; nothing of who called
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("call", LargeBinary, nullable=False),  # the blind index of the CallSid, not of a number
    Column("at", Timestamp, nullable=False),
    Column("version", Text, nullable=False),  # of the content
    Column("turn", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("attempt", Integer, nullable=False),  # at an answer, from 0
    Column("page", Integer, nullable=False),  # of a reading, from 0
    Column("happened", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("detail", Text, nullable=False),  # such as how long it took
    Column("outcome", Text),  # that of the call, as far as this tells
    Column("heard_by", Timestamp),  # when what informs the caller is heard to its end, if this does
    Column("sid", LargeBinary),  # the CallSid, in the first event of a call
    Column("language", Text, nullable=False, server_default=""),  # the tag; "" for that in which calls begin
    Index("call_events_by_at", "at"),
    UniqueConstraint(
        "call", "turn", "step", "happened", name="call_events_once"
    ),  # a webhook delivered again adds nothing
)

calls = Table(
    "calls",  # what calls came to that have ended, by their events
    metadata,
    Column("blind_index", LargeBinary, primary_key=True),  # of the CallSid, not of a number
    Column("began", Timestamp),  # empty until it is settled
    Column("last", Timestamp),  # when the last answer was given
    Column("ended", Timestamp),
    Column("topics", Text, nullable=False, default=""),  # names, with a space between
    Column("outcome", Text),
    Column("events", Integer, nullable=False, default=0),  # how many were counted
    Index("calls_by_began", "began"),
)

daily_counts = Table(
    "daily_counts",  # kept for good
    metadata,
    Column("day", Date, primary_key=True),  # in London
    Column("metric", Text, primary_key=True),  # such as “call”
    Column("dimension", Text, primary_key=True),  # such as “abandoned”; "" for all of them
    Column("n", Integer, nullable=False),
)

number_configurations = Table(
    "number_configurations",  # what the provider's numbers were set to before they were pointed at this helpline
    metadata,
    Column("sid", Text, primary_key=True),
    Column("before", LargeBinary, nullable=False),  # sealed: an address may have a password in it
    Column("written", Timestamp, nullable=False),
)

provider_resources = Table(
    "provider_resources",  # what is at the provider, until it is deleted there
    metadata,
    Column("sid", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("blind_index", LargeBinary),
    Column("added", Timestamp, nullable=False),
    Column("due", Timestamp, nullable=False),  # when to ask the provider to delete it
    Column("tries", Integer, nullable=False, default=0),
    Index("provider_resources_by_due", "due"),
    Index("provider_resources_by_blind_index", "blind_index"),
)

advisers = Table(
    "advisers",  # the rota
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False, unique=True),
    Column("place", Integer, nullable=False),  # the order in which they are rung
    Column("away", Boolean, nullable=False),
)

shifts = Table(
    "shifts",  # when each adviser works, week by week
    metadata,
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="CASCADE"), primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),  # 0 is Monday
    Column("spans", Text, nullable=False),  # 09:00-12:30 13:00-17:00; 22:00-06:00 ends the day after
)

shift_overrides = Table(
    "shift_overrides",  # single days that are not as in every week
    metadata,
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("spans", Text, nullable=False),  # none: off
    Column("why", Text, nullable=False, server_default=""),  # such as “swapped with Sam Lee”
    Column("set_by", Text, nullable=False, server_default=""),
)

absences = Table(
    "absences",  # days on which an adviser is away, the first and the last included
    metadata,
    Column("id", Text, primary_key=True),
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="CASCADE"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("set_by", Text, nullable=False),
    Index("absences_by_adviser", "adviser"),
    Index("absences_by_last", "last"),
)

shift_reminders = Table(
    "shift_reminders",  # shifts of which somebody was reminded, and what they answered
    metadata,
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="CASCADE"), primary_key=True),
    Column("begins", Timestamp, primary_key=True),
    Column("ends", Timestamp, nullable=False),
    Column("reminded", Timestamp, nullable=False),
    Column("text", Text),  # its id in the outbox; none where nobody could be texted
    Column("answer", Text),  # coming, or not_coming
    Column("answered", Timestamp),
    Column("managers_told", Timestamp),  # when managers were told that it is not confirmed
    Index("shift_reminders_by_begins", "begins"),
)

calendar_feeds = Table(
    "calendar_feeds",  # addresses at which a calendar reads shifts
    metadata,
    Column("id", LargeBinary, primary_key=True),  # the blind index of the secret in the address
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="CASCADE")),  # empty: the shifts of everybody
    Column("created", Timestamp, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("read", Timestamp),  # when a calendar last did, to the day
    Index("calendar_feeds_by_adviser", "adviser"),
)

opening_hours = Table(
    "opening_hours",  # weekly hours that staff set, in the place of those of the content
    metadata,
    Column("starts", Date, primary_key=True),  # they count from this day until the next row's
    Column("weekly", Text, nullable=False),  # JSON: under each weekday its spans
    Column("on_bank_holidays", Boolean, nullable=False),  # open on them too
    Column("confirmed", Date, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    Column("good_until", Date, nullable=False),  # to be confirmed again by then
)

closures = Table(
    "closures",  # when the helpline is closed besides its hours
    metadata,
    Column("id", Text, primary_key=True),
    Column("begins", Timestamp, nullable=False),
    Column("ends", Timestamp, nullable=False),
    Column("reason", Text, nullable=False),  # the name of a prompt
    Index("closures_by_end", "ends"),
)

one_off_holidays = Table(
    "one_off_holidays",  # bank holidays that staff added to the published ones
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
)

emergency_messages = Table(
    "emergency_messages",  # what every caller is told at the beginning of a call; one at a time
    metadata,
    Column("until", Timestamp, primary_key=True),
    Column("text", Text, nullable=False),
)

audit_log = Table(
    "audit_log",  # who changed what, or looked at whom; no numbers
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("account", Text),  # its id; empty for somebody at a shell without one
    Column("previous", LargeBinary),  # the seal of the entry before; empty in rows before schema 014
    Column("seal", LargeBinary),  # the keyed hash of this entry and the seal before it: see audit_chain.py
    Index("audit_log_by_time", "at"),
)

audit_ends = Table(
    "audit_ends",  # where the chain of the audit log begins and ends
    metadata,
    Column("end", Text, primary_key=True),  # first or last
    Column("n", BigInteger, nullable=False),
    Column("seal", LargeBinary, nullable=False),  # of the entry before the first, or of the last
    Column("mac", LargeBinary, nullable=False),  # the keyed hash of this row, so that nobody shortens the chain
)

notes = Table(
    "notes",  # what staff write down about a caller who waits for them
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # of what it is about, an ItemKind
    Column("about", Text, nullable=False),  # its id
    Column("blind_index", LargeBinary),  # of the caller's number
    Column("body", LargeBinary, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Timestamp, nullable=False),
    Index("notes_by_about", "about"),
    Index("notes_by_blind_index", "blind_index"),
    Index("notes_by_at", "at"),
)

accounts = Table(
    "accounts",  # staff who sign in
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("email", LargeBinary, nullable=False),  # encrypted
    Column("email_index", LargeBinary, nullable=False, unique=True),  # its blind index, in lower case
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("password", Text, nullable=False),  # argon2; before it is set, a random mark that the link to set it names
    Column("totp", LargeBinary),  # the secret of the second factor, encrypted; empty until it is set up
    Column("totp_used", BigInteger),  # the last period whose code was taken: none is taken twice
    Column("adviser", Text, ForeignKey("advisers.id", ondelete="SET NULL")),  # whose telephone on the rota is theirs
    Column("created", Timestamp, nullable=False),
    Column("changed", Timestamp, nullable=False),
    Column("mobile", LargeBinary),  # where they are told what a manager must know, encrypted
    Column("subject", LargeBinary),  # the blind index of who they are at the single sign-on
    Column("alerts_by", Text),  # how they are told what is wrong: text, email, none; empty until they chose
    Index("accounts_by_subject", "subject", unique=True),
)

alerts = Table(
    "alerts",  # what is wrong, or was lately, and what staff were told of it
    metadata,
    Column("name", Text, primary_key=True),  # of the check that found it
    Column("urgent", Boolean, nullable=False),  # callers are harmed: it is told at night as well
    Column("says", Text, nullable=False),
    Column("mend", Text, nullable=False),
    Column("amount", Integer, nullable=False),  # how much of it there is: more of it is told again
    Column("role", Text, nullable=False),  # who is told
    Column("again", Integer, nullable=False),  # days after which it is told again
    Column("began", Timestamp, nullable=False),
    Column("seen", Timestamp, nullable=False),  # when it was last found
    Column("ended", Timestamp),
    Column("told", Timestamp),  # when staff were last told of it; empty once they were told of its end
    Column("told_amount", Integer, nullable=False),
    Column("told_urgent", Boolean, nullable=False),
    Column("muted_until", Timestamp),
    Column("muted_by", Text),
    Index("alerts_by_ended", "ended"),
)

alert_messages = Table(
    "alert_messages",  # what managers and administrators are told, by text or e-mail
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("about", Text, nullable=False),  # the names of the alerts, with spaces between; shift
    Column("body", LargeBinary, nullable=False),  # its lines, encrypted
    Column("channel", Text, nullable=False),  # text, email
    Column("channels_tried", Integer, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sent, failed
    Column("text", Text),  # its id in the outbox, if it is a text
    Column("made", Timestamp, nullable=False),
    Column("due", Timestamp, nullable=False),
    Column("good_until", Timestamp, nullable=False),
    Column("lease", Timestamp),  # the worker that sends it has it until then
    Column("changed", Timestamp, nullable=False),
    Index("alert_messages_by_state", "state", "due"),
    Index("alert_messages_by_account", "account"),
    Index("alert_messages_by_made", "made"),
)

passkeys = Table(
    "passkeys",  # with which accounts sign in without a password
    metadata,
    Column("id", Text, primary_key=True),  # the credential's (base64url)
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("public_key", Text, nullable=False),  # COSE (base64url)
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),  # that its owner gave it
    Column("created", Timestamp, nullable=False),
    Column("used", Timestamp),
    Index("passkeys_by_account", "account"),
)

staff_sessions = Table(
    "staff_sessions",  # who is signed in where
    metadata,
    Column("id", LargeBinary, primary_key=True),  # the hash of the token in the cookie
    Column("account", Text, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("device", Text, nullable=False),  # browser and system, for the list of sessions
    Column("began", Timestamp, nullable=False),
    Column("seen", Timestamp, nullable=False),
    Index("staff_sessions_by_account", "account"),
    Index("staff_sessions_by_seen", "seen"),
)

failed_sign_ins = Table(
    "failed_sign_ins",  # counted for an account and an address together, so that a stranger locks nobody out
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", Text, nullable=False),  # of what was tried (Kind)
    Column("account", LargeBinary, nullable=False),  # the blind index of the e-mail address that was written
    Column("address", LargeBinary, nullable=False),  # the blind index of the network address
    Column("at", Timestamp, nullable=False),
    Index("failed_sign_ins_by_account", "account", "address", "at"),
    Index("failed_sign_ins_by_address", "address", "at"),
    Index("failed_sign_ins_by_at", "at"),
)

index_keys = Table(
    "index_keys",  # what blind indexes are made with: a copy sealed under each secret in use
    metadata,
    Column("secret", Text, primary_key=True),  # its fingerprint
    Column("sealed", LargeBinary, nullable=False),
    Column("n", Integer, nullable=False),  # the order in which the secrets came
)

secrets_in_use = Table(
    "secrets_in_use",  # in which order processes have the secrets, so that a change of them can be led safely
    metadata,
    Column("process", Text, primary_key=True),  # web or worker
    Column("secrets", Text, primary_key=True),  # their fingerprints, in order, with a space between
    Column("since", Timestamp, nullable=False),
    Column("seen", Timestamp, nullable=False),
)

hunts = Table(
    "hunts",  # ringing advisers for a caller in the queue
    metadata,
    Column("id", Text, primary_key=True),
    Column("call", LargeBinary, nullable=False),  # the blind index of the CallSid
    Column("topic", Text, nullable=False),
    Column("deadline", Date),
    Column("seconds", Integer, nullable=False),  # how long each number rings
    Column("all_at_once", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("way", Text),  # its status, then how it ended
    Column("began", Timestamp, nullable=False),
    Column("looked", Timestamp),  # when a worker last looked whom to ring
    Column("heard", Timestamp),  # when the caller was last heard of, if not when it began
    Column("changed", Timestamp, nullable=False),
    Column("audience", Text, nullable=False, server_default=""),  # young_person, if that is who called
    Column("number", LargeBinary),  # the caller's, encrypted; empty if it was withheld
    Column("blind_index", LargeBinary),
    Index("hunts_by_state", "state", "began"),
    Index("hunts_by_blind_index", "blind_index"),
    Index("hunts_by_call", "call"),
    Index("hunts_by_began", "began"),
)

legs = Table(
    "legs",  # calls to advisers; one of neither a hunt nor a callback tries their telephone
    metadata,
    Column("id", Text, primary_key=True),
    Column("hunt", Text, ForeignKey("hunts.id", ondelete="CASCADE")),
    Column("callback", Text, ForeignKey("callbacks.id", ondelete="CASCADE")),
    Column("blind_index", LargeBinary, nullable=False),  # of the adviser's number
    Column("sid", Text),  # at the provider
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("seconds", Integer),  # of talk
    Column("asked", Timestamp),  # when the provider was last asked whether it goes on
    Column("began", Timestamp, nullable=False),
    Column("changed", Timestamp, nullable=False),
    Index("legs_by_hunt", "hunt"),
    Index("legs_by_callback", "callback"),
    Index("legs_by_state", "state", "blind_index"),
    Index("legs_by_began", "began"),
)

canary_events = Table(
    "canary_events",  # what was answered in test calls, which are in no call_events
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("steps", Text, nullable=False),  # those that the call came to, in order, with a space between
    Column("last_day", Date),  # to appeal, once it was said
    Column("put_through", Boolean, nullable=False),  # an adviser's telephone has taken the call
    Index("canary_events_by_at", "at"),
)

canary_runs = Table(
    "canary_runs",  # test calls, and what they proved
    metadata,
    Column("id", Text, primary_key=True),
    Column("began", Timestamp, nullable=False),
    Column("ended", Timestamp),  # empty while it goes on
    Column("results", Text, nullable=False),  # JSON: of each probe its name, verdict and what it found
    Index("canary_runs_by_began", "began"),
)

heartbeats = Table(
    "heartbeats",  # of work that callers rely on, such as ringing advisers
    metadata,
    Column("what", Text, primary_key=True),
    Column("at", Timestamp, nullable=False),
)

purge_rounds = Table(
    "purge_rounds",  # when what is past its period was marked, to be deleted later
    metadata,
    Column("at", Timestamp, primary_key=True),
)

voicemails = Table(
    "voicemails",  # what callers recorded
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False),
    Column("call", LargeBinary, nullable=False),  # the blind index of the CallSid
    Column("topic", Text, nullable=False),
    Column("deadline", Date),
    Column("state", Text, nullable=False),
    Column("recording", Text),  # the RecordingSid
    Column("seconds", Integer),
    Column("sound", LargeBinary),  # encrypted
    Column("tries", Integer, nullable=False, default=0),
    Column("look_at", Timestamp),  # when to fetch it; without a recording, when to ask the provider for it
    Column("by", Text),  # who dealt with it
    Column("began", Timestamp, nullable=False),
    Column("changed", Timestamp, nullable=False),
    Column("sid", LargeBinary),  # the CallSid, encrypted
    Column("audience", Text, nullable=False, server_default=""),  # young_person, if that is who called
    Column("claimed_by", Text),
    Column("claimed", Timestamp),
    Index("voicemails_by_state", "state", "changed"),
    Index("voicemails_by_blind_index", "blind_index"),
    Index("voicemails_by_call", "call"),
    Index("voicemails_by_began", "began"),
    Index("voicemails_by_look_at", "look_at"),
)

callbacks = Table(
    "callbacks",  # callers to be rung back
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False),
    Column("topic", Text, nullable=False),
    Column("deadline", Date),
    Column("part", Text, nullable=False),  # of the day
    Column("state", Text, nullable=False),
    Column("by", Text),  # who has claimed it, or dealt with it
    Column("asked", Timestamp, nullable=False),
    Column("changed", Timestamp, nullable=False),
    Column("audience", Text, nullable=False, server_default=""),  # young_person, if that is who called
    Column("may_leave_message", Boolean),  # on their voicemail; empty if they were not asked
    Column("remind_at", Timestamp),  # when whoever has claimed it wants to see it on top
    Index("callbacks_by_state", "state", "asked"),
    Index("callbacks_by_blind_index", "blind_index"),
    Index("callbacks_by_asked", "asked"),
    Index("callbacks_by_changed", "changed"),
)

callback_attempts = Table(
    "callback_attempts",  # to ring a caller back
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("callback", Text, ForeignKey("callbacks.id", ondelete="CASCADE"), nullable=False),
    Column("at", Timestamp, nullable=False),
    Column("who", Text, nullable=False),
    Column("how", Text, nullable=False),
    Index("callback_attempts_by_callback", "callback"),
    Index("callback_attempts_by_at", "at"),
)
