"""Bad days, made on purpose: real faults while callers are on the line, and webhooks that nobody should send."""
