"""Every word that the service can say, in the order in which callers come to it, for somebody to sign."""
