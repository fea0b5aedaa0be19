"""Noticing when an outlet's pages have changed or gone wrong."""
