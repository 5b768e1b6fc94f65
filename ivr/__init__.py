"""The telephone helpline of a special needs advice service."""
