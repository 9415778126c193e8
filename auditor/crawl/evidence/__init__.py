"""What portals answered, kept as WARC 1.1: written by the crawl, opened, verified and replayed afterwards."""
