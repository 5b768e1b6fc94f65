"""What the steps about a message, and those who keep it, agree upon."""

MESSAGE = "message"
"""The note with the name of the message that the caller is leaving."""
ENDED_BY = "ended_by"
"""The note with the key that ended the recording."""
SHORTEST = 2
"""Seconds: a recording that is shorter is a click or a key, and nobody's words."""
