"""Sets the provider up for a helpline: where its numbers send calls and texts, and what plays while we are down."""
