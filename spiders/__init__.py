"""The spiders: where to go next on a portal. What a page says is read in `auditor.reading`."""
