"""The telephone in the browser: sessions of the whole helpline, each with its own clock, Twilio account and database.

It is the telephone of the terminal and of the tests in real time. It is not served in production.
"""
