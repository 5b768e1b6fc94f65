"""The prompt script: every word that the helpline can say, in call order, for a manager to sign."""
