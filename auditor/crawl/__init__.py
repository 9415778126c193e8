"""Runs the spiders: settings, middlewares, child processes. What comes out is one observation file per unit."""
