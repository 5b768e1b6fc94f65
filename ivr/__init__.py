"""The telephone helpline of a special needs advice service."""

__version__ = "0.3.0"
