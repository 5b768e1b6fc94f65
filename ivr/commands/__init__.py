"""What can be typed after ivr, one file per command."""
