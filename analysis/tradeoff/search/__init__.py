"""Search: of a million designs or more, the best that keep every budget, and which budget binds."""
