"""A small identity provider (OpenID Connect), over real HTTP and with real signatures, that can be told to do wrong."""
