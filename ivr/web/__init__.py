"""The HTTP endpoints: webhooks, recording links, metrics and health checks."""
