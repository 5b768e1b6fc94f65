"""What a page says of the change that led to it; the address has the name, never the words."""

NEWS = {
    "signed_out": "You are signed out.",
}
