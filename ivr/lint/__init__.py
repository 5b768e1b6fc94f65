"""The linter of flows and prompts, behind `ivr check`: a registry of rules, what runs them, and autofix."""
