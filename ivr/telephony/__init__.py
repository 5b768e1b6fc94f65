"""The only package that knows Twilio: TwiML, webhooks, signatures, REST API."""
