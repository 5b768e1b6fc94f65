"""The interview that sets a helpline up: it asks for each setting, checks it at once, and writes it to `.env`."""
