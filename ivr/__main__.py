"""Lets `python -m ivr` be `ivr`."""

from ivr.cli import main

if __name__ == "__main__":  # each of several web processes imports this again
    main()
