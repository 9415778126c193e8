"""Titles of posts: what stands around them is taken off, and two printings of one title are known as such."""

from __future__ import annotations

import re

from auditor.text import clean, fold

_DOTS = ("…", "...")
_STAMP = r"(?:ngay )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
_TIME = r"\d{1,2}(?::|h|g)\d{2}(?::\d{2})?(?: ?[ap]m)?"
_AHEAD = re.compile(
    r"null\s+(?=\S)|insert title here\s*|skip ribbon commands\s*|skip navigation links\s*|"
    r"skip to (?:main )?content\s*|turn (?:on|off) (?:more accessible mode|animations)\s*|"
    r"(?:deprecated|warning|notice): .{1,300}? on line \d+\s*|"
    r"(?:cms-publish-date|cms-view-count)\b[\s:|\d/]*|"
    rf"(?:(?:thu \w+|chu nhat|hom nay)[,: -]{{1,3}})?{_STAMP}[ ,|-]{{1,4}}{_TIME}[ ,|-]{{1,4}}(?=\D)"
)
_BEHIND = re.compile(
    r"[\s|(-]+(?:(?:so )?(?:luot|lan) xem|da xem|views?(?: count)?|cms-view-count|cms-publish-date)\b[\s:|/\d.,)]*$|"
    rf"[\s|(-]+(?:(?:thu \w+|chu nhat),? {{0,2}})?{_STAMP}[ ,|-]{{1,4}}{_TIME}\)?$|\s*insert title here$|\s+null$"
)
_LONGEST = 600


def tidy(title: str) -> str:
    """A title without what systems print around it: `null`, untranslated keys, messages, clocks, counters.

    Everything else stays as printed; "" where nothing else was there.
    """
    text = clean(title)[: 2 * _LONGEST]
    for _ in range(4):  # noise comes in rows: "Skip Ribbon Commands Skip to main content null …"
        folded = _alike(text)
        ahead, behind = _AHEAD.match(folded), _BEHIND.search(folded)
        if ahead:
            text = text[ahead.end() :].strip()
        elif behind:
            text = text[: behind.start()].strip()
        else:
            break
    return "" if fold(text) == "null" else text[:_LONGEST]


def is_cut(title: str) -> bool:
    """Whether a title ends in dots: a listing had no room for it."""
    return title.rstrip().endswith(_DOTS)


def stem(title: str) -> str:
    """The folded title without the dots of a cut end."""
    return fold(title).rstrip(" .…")


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, in capitals or not, either of them perhaps cut short."""
    first, second = stem(one), stem(other)
    if first == second:
        return True
    return (is_cut(one) and second.startswith(first)) or (is_cut(other) and first.startswith(second))


def fuller(listed: str, own: str) -> str:
    """The title to keep of the one a listing gave and the one of the post's own page.

    The listing's, unless the page's goes on where it ends, or it is cut and the page's begins much the same.
    """
    first, second = stem(listed), stem(own)
    if not first:
        return own or listed
    if len(second) > len(first) and second.startswith(first):
        return own
    return own if is_cut(listed) and _begin_alike(first, second) else listed


def _begin_alike(first: str, second: str) -> bool:
    """Whether most words of a cut title stand in the other."""
    words = first.split()[:-1] or first.split()
    return 2 * len(set(words) & set(second.split())) > len(set(words))


def _alike(text: str) -> str:
    """The text folded letter by letter, so that places in it are places in the text."""
    letters = (fold(letter) or letter for letter in text)
    return "".join(letter if len(letter) == 1 else original for letter, original in zip(letters, text, strict=True))
