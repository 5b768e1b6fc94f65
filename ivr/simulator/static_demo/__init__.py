"""A demonstration without a server: calls that were played, as a folder of files that any browser opens."""
