"""A province to try the program on: 26 invented portals served on loopback."""
