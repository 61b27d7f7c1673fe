"""Sweeps: every design of a grid, streamed to a file, resumed after an interruption, audited by many workers."""
