"""What the office does with its months: closes them, adds figures and documents of its own, writes to units."""
