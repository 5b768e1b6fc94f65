"""Single sign-on by OpenID Connect: what we ask the identity provider, and what we believe of its answer."""
