"""A feed as it came, but for the contents of its entries: each is replaced by the clean article."""
