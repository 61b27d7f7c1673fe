"""The speed and memory of multadds, each figure a ratio taken in one run: ``python -m benchmarks``."""
