"""Webhooks that nobody should send, and what we answer to them."""
