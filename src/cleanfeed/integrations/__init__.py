"""What lets feed readers that are written in Python, and Miniflux, show clean articles."""
