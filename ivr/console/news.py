"""What a page says of the change that led to it; the address has the name, never the words."""

NEWS = {
    "signed_out": "You are signed out.",
    "welcome": "Your password is set, and you are signed in.",
    "password_changed": "Your password is changed, and you are signed out everywhere else.",
    "sessions_ended": "Signed out there.",
    "person_changed": "Changed.",
    "person_left": "They are let in no more, and signed out everywhere.",
}
