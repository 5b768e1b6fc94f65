"""The database (SQLite or PostgreSQL): a module for each table or concern."""
