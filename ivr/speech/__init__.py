"""Text to speech, for measuring prompts and for the browser; callers hear the provider's voice."""
