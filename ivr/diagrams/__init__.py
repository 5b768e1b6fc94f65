"""Pictures of flows: what is in them, where it goes on the page, and how it is written down."""
