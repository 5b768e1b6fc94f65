"""What outlives a call: one module per thing kept, on SQLite or PostgreSQL."""
