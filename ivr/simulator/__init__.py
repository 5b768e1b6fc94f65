"""A simulated telephone network to try the helpline with, in virtual time and without Twilio.

It sends the app real signed webhooks and executes the TwiML in its answers as Twilio documents it, strictly. It shares
no code with the app, so that the two cannot share a mistake.
"""
