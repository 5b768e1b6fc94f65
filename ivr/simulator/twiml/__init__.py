"""TwiML as Twilio reads it: parsed, validated, and timed. Other parts may use this package without the network."""
