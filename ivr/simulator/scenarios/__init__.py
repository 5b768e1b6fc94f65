"""Scenarios: whole calls written down in YAML, and the player that runs them against the app."""
