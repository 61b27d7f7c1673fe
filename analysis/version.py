"""The version that every export carries."""

VERSION = "0.3.0"
