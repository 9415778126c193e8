"""Vietnamese as it was written before Unicode, and how it looks when read wrongly: the way back, for tests."""

from __future__ import annotations

import unicodedata

from auditor import legacy

_TCVN3 = {letter: chr(code) for code, letter in legacy._TCVN3.items()}
_VNI: dict[str, str] = {}
for _shown, _letter in legacy._VNI.items():
    _VNI.setdefault(_letter, _shown)


def tcvn3(text: str) -> str:
    """A text as .VnTime holds it, read as Latin-1; capitals with a tone have no place, and become small letters."""
    return "".join(_TCVN3.get(letter, _TCVN3.get(letter.lower(), letter)) for letter in text)


def vni(text: str) -> str:
    """A text as VNI-Times holds it, read as Latin-1."""
    return "".join(_VNI.get(letter, letter) for letter in text)


def cp1258(text: str) -> bytes:
    """A text in windows-1258: most tones are marks of their own."""
    return "".join(_apart(letter) for letter in text).encode("cp1258", "xmlcharrefreplace")


def _apart(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts[1:] if part in "\u0300\u0301\u0303\u0309\u0323")
        rest = "".join(part for part in parts if part not in tones)
        return unicodedata.normalize("NFC", rest) + tones
    return letter


def misread(text: str) -> str:
    """UTF-8 read as windows-1252, the way browsers read it."""
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in unicodedata.normalize("NFC", text).encode()
    )
