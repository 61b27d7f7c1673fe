"""Networks that others wrote, read from their files."""
