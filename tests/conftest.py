"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

from tests.demonstration import demonstration

__all__ = ["demonstration"]

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")
