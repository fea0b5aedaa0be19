"""The web, asked safely and politely."""
