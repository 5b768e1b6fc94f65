"""The daily test call: rings the helpline through the provider, and proves that a caller would be served."""
