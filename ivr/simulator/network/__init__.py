"""The simulated telephone network between callers, the app and whoever the app has rung."""
