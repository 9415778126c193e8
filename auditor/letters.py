"""Letters folded one by one: unlike `text.fold`, the folded text has the positions of the printed one."""

from __future__ import annotations

from typing import Final

from auditor.text import fold


class _Letters(dict[int, str]):
    """Each letter's folded form, always one character."""

    def __missing__(self, code: int) -> str:
        self[code] = (fold(chr(code)) or " ")[0]
        return self[code]


LETTERS: Final = _Letters()
"""For `str.translate`: "Tiếp dân – quý IV" becomes "tiep dan - quy iv", letter for letter."""
