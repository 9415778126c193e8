"""A text as it was meant, where what happened to it on its way is certain."""

from __future__ import annotations

from auditor import legacy, mojibake


def restore(text: str) -> str:
    """A text from a feed, a script's data, a document or a file name: entities, charsets and old fonts undone.

    Whatever is not certainly damaged comes back unchanged. The text must not have been cleaned before: one letter of
    TCVN3 is a soft hyphen.

    >>> restore("TiÕp c«ng d©n"), restore("Lá»‹ch tiáº¿p c&ocirc;ng d&acirc;n"), restore("Le café français")
    ('Tiếp công dân', 'Lịch tiếp công dân', 'Le café français')
    """
    if text.isascii() and "&" not in text:
        return text
    text = mojibake.repair(mojibake.unescape(text))
    encoding = legacy.detect(text)
    return legacy.CONVERT[encoding](text) if encoding else text
