"""The Serverless API, which puts files on the air: https://www.twilio.com/docs/serverless/api.

Which error codes Twilio answers where something is still in use is not written there: this fake answers 400 with the
general code 20001.
"""
