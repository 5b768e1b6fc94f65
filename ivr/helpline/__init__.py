"""What is this helpline's own, without side effects: deadlines, working days, contacts, spoken dates."""
