"""What the outside may ask of us over HTTP."""
