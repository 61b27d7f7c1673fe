"""The version that every export carries."""

VERSION = "0.1.0"
