"""Which entries tell one story, under which id it is published, and which of them is shown."""
