"""Background tasks: send texts, ring advisers, fetch recordings, and delete what has been kept long enough."""
