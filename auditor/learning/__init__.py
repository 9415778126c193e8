"""How the judge learns: titles composed from patterns, labelled titles, and a linear model fitted to both."""
