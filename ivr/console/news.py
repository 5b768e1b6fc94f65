"""What a page says of the change that led to it; the address has the name, never the words."""

NEWS = {
    "claim": "It is yours for two hours.",
    "release": "Anybody can claim it.",
    "done": "Done. It is with what is finished.",
    "gave-up": "Given up. It is with what is finished.",
    "undo": "It waits again.",
    "note": "Noted.",
    "remind": "You will see it on top of the list from then on.",
    "attempt": "Noted.",
    "ringing": "Your telephone rings in a moment. Press 1 there to ring them.",
    "answer": "The answer is on its way.",
    "send": "The text is on its way.",
    "signed_out": "You are signed out.",
    "welcome": "Your password is set, and you are signed in.",
    "password_changed": "Your password is changed, and you are signed out everywhere else.",
    "sessions_ended": "Signed out there.",
    "person_changed": "Changed.",
    "text_again": "It is sent again now.",
    "person_left": "They are let in no more, and signed out everywhere.",
}
