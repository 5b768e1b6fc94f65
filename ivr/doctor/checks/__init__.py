"""The checks, one file each; importing this package registers them all."""

from importlib import import_module

from ivr.doctor.registry import registered

NAMES = (
    *("settings", "secret", "database", "worker", "clock", "disk", "backup", "content", "hours", "rota"),
    *("unanswered_rings", "shift_reminders", "waiting", "texts", "complaints", "alerts", "canary"),
    *("provider", "fallback", "balance", "approvals", "refused_webhooks", "ask_twilio"),
    *("public_url", "certificate", "single_sign_on"),
)
"""In the order in which they are made: what comes first is often the cause of what comes later."""

for _name in NAMES:
    import_module(f"{__name__}.{_name}")

CHECKS = {name: registered()[name] for name in NAMES}
"""Every check by its name."""
