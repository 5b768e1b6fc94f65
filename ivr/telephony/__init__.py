"""The only place that knows Twilio: documents out, webhooks in, signatures."""
