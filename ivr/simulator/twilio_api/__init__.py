"""A fake of Twilio's REST API: the resources a helpline needs, Twilio's error codes, and fault injection."""
