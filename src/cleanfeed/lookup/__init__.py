"""Clean entries for whoever asks for an address: known ones at once, others from the web."""
