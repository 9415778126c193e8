"""A page becomes facts. Pure functions: bytes in, dataclasses out; no network, no database, no clock."""
