"""Backups of the database, and their restoration: a module for each database, and what is the same for both."""
