"""The pure heart: what a flow is, and what is said next. No web, provider, database or clock."""
