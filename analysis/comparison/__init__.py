"""Comparison: designs side by side, and two of them layer by layer."""
