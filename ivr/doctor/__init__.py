"""Looks a helpline over: what is wrong with how it is set up and run, each with its mend."""
