"""Feeds, clean articles and full-text feeds over HTTP, for readers that take an address."""
