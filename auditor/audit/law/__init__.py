"""What the law asks of a unit's reception section, checked as far as a crawl can tell; never part of the count."""
