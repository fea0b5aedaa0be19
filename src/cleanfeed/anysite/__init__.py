"""The outlet of last resort: articles of sites that no outlet claims, read by guessing."""
