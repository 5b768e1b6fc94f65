"""The service's own matters, pure too: deadlines, working days, contacts, spoken dates."""
