"""What is done behind the callers' backs: sending what was promised, and forgetting what has had its time."""
