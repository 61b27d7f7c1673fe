"""The version that every export carries."""

VERSION = "0.4.0"
