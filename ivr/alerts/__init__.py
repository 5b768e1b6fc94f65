"""Tells managers and administrators what is wrong: once, by text or e-mail, and at night only what harms callers."""
