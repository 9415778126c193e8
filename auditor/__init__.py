"""Audits government portals for what they must publish about receiving citizens (tiếp công dân)."""

__version__ = "0.1.0"
