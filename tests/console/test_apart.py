"""The staff pages are a process of their own: what answers callers loads nothing of them."""

import subprocess
import sys

LATE = ("webauthn", "cbor2", "ivr.openid", "authlib", "joserfc")
"""What the staff pages themselves load only once somebody uses it."""
ONLY_FOR_STAFF = ("ivr.console", "ivr.mail", "jinja2", "argon2", "icalendar", "pyotp", "segno", "smtplib", *LATE)
LOOK = f"import sys, ivr.app, ivr.commands.serve; print([m for m in {ONLY_FOR_STAFF!r} if m in sys.modules])"


def test_what_answers_callers_loads_nothing_of_the_staff_pages() -> None:
    assert subprocess.check_output([sys.executable, "-c", LOOK], text=True).strip() == "[]"


def test_the_telephone_in_the_browser_loads_them_when_somebody_looks_at_its_desk() -> None:
    look = LOOK.replace("ivr.commands.serve", "ivr.commands.serve, ivr.commands.browser_helpline")
    assert subprocess.check_output([sys.executable, "-c", look], text=True).strip() == "[]"


def test_the_staff_pages_do_load_it() -> None:
    look = LOOK.replace("ivr.app, ivr.commands.serve", "ivr.console.app")
    loaded = subprocess.check_output([sys.executable, "-c", look], text=True)
    assert all(f"'{name}'" in loaded for name in ("ivr.console", "jinja2", "argon2"))
    assert not any(f"'{name}'" in loaded for name in LATE)
