"""Scripts of a page, run as far as it takes to see what a click would ask for; nothing is ever sent from here."""
