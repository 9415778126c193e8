"""Measurements, not tests: run them with `make bench`, on a quiet machine."""
