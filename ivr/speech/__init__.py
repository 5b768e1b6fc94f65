"""A voice of our own, for measuring and for trying out; callers hear the provider's."""
