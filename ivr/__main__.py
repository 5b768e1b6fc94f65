"""Lets `python -m ivr` be `ivr`."""

from ivr.cli import main

main()
