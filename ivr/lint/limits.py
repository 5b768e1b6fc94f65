"""The limits of the lint rules, each with its source."""

from datetime import timedelta

MOST_CHOICES = 5
"""Keys of one menu, without 0, star and hash: Avaya and Plum Voice allow five, the CEUD's toolkit for public services
says no more than four (see docs/decisions/013-menus-of-five.md)."""
MOST_LEVELS = 3
"""Menus from the answer to anything that is told (CEUD)."""
MOST_KEYS_TO_A_PERSON = 3
"""From anywhere (W3C COGA: no frustrating loops)."""

GREETING = 10.0
"""Seconds until the first choice begins (callhippo: 8 to 10)."""
MENU = 20.0
"""Seconds of a whole menu (Plum Voice)."""
EMERGENCY = 8.0
"""Seconds of an emergency message; our own choice: two sentences, and with it a deadline within its own limit."""
ANSWER = 30.0
"""Seconds of anything that is said without a stop, such as a page; our own choice, no source sets one."""
TO_A_PERSON = 20.0
"""Seconds of speech from pick-up until somebody is rung; our promise."""
TO_A_TOPIC = 40.0
"""Seconds of speech from pick-up until a topic begins; our own choice: a greeting, and the two menus that lead there
each heard to half."""
TO_A_RARER_TOPIC = 50.0
"""The same for a topic that lies behind a third menu, because few ring about it."""
TO_FIRST_ADVICE = 20.0
"""Seconds of speech from where a topic begins until the first page or number on it; our promise."""
TO_A_DEADLINE = 75.0
"""Seconds of speech from pick-up until the last day to appeal has been said; our promise."""

LONGEST_SENTENCE, LONG_SENTENCE = 25, 20
"""Words (GOV.UK: 25; Plain English Campaign: 15 to 20)."""
MEAN_SENTENCE, ENOUGH_SENTENCES = 15, 3
"""Words in a step's sentences on average (Plain English Campaign), where there are that many."""
HARDEST_GRADE, TARGET_GRADE, ENOUGH_WORDS = 7.0, 5.0, 60
"""Flesch-Kincaid grades, of a step's words without names and numbers: GOV.UK writes for a reading age of nine, which is
about grade 4 to 5. Fewer words than that tell nothing about the others."""

MOST_SEGMENTS = 3
"""Parts of one text; more is a letter, and each is paid for."""

WARNED_AHEAD = timedelta(days=60)
"""Time before a fact runs out in which it is reported."""

BANNED = (
    "invalid", "incorrect", "illegal", "you failed", "you have failed", "wrong key", "wrong number", "error",
    "your call is important", "calls are important", "listen carefully", "options have changed", "menu has changed",
    "please hold", "asterisk", "pound key", "pound sign", "hashtag", "select option", "did you know",
)  # fmt: skip
"""What blames, frightens, wastes time, or names a key as no telephone here does (W3C COGA, Avaya, ivrsworld)."""
FILLERS = (
    "please note", "please be aware", "please be advised", "kindly", "in order to", "at this time", "at this moment in",
    "as a matter of fact", "basically", "needless to say", "it should be noted", "for your convenience",
    "we value", "with regard to", "in respect of", "prior to", "in the event that", "unfortunately",
)  # fmt: skip
"""Words that say nothing, or that have a shorter one (plain English lists)."""
EXPLAINED = {
    "EHC": r"education, health and care",
    "SEND": r"special educational needs|SEND Tribunal",
    "LA": r"council|local authority",
    "ICB": r"integrated care board",
    "CCG": r"clinical commissioning group",
    "PALS": r"patient advice",
    "SENCO": r"teacher in charge of special educational needs",
    "DiAS": r"information,? advice and support",
    "LGSCO": r"local government and social care ombudsman",
    "Tribunal": r"SEND Tribunal|independent panel|appeals? tribunal",
}
"""Jargon, and what explains it at its first use in a step (W3C COGA)."""
EVERYBODY_KNOWS = frozenset({"NHS", "UK", "IPSEA"})
"""Short forms that need no explanation, or that are somebody's whole name."""
REVEALING = (
    "send", "special", "disab", "child", "school", "autis", "needs", "tribunal", "appeal", "council", "social care",
    "ehc", "mediation", "helpline", "complain", "exclu", "health",
)  # fmt: skip
"""What a text must not open with: somebody else may see the first words on a phone that lies on a table."""
