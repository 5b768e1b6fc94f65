"""The call engine: what a flow is, and which turn follows an event. No web, provider, database or clock."""
