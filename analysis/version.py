"""The version that every export carries."""

VERSION = "0.2.0"
