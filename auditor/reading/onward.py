"""What to ask a server next, so that a listing goes on: an address, a form posted back, a call a script would make."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Fields = tuple[tuple[str, str], ...]

_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Onward:
    """One request, as a page tells it.

    Attributes:
        url: where to; form: fields to post, where not None; json: JSON to post, where not None; headers: besides.
        kind: a whole page is answered, or data: a fragment of a page, or JSON.
        number: the page asked for, where it is told.
        growth: what each number in it (see `numbers`) grows by when more is asked for; None: by the posts received.
            Empty where the answer itself has to tell how it goes on.
    """

    url: str
    form: Fields | None = None
    json: str | None = None
    headers: Fields = ()
    kind: Literal["page", "data"] = "page"
    number: int | None = None
    growth: tuple[int | None, ...] = ()

    @property
    def is_address(self) -> bool:
        """Whether it is a mere link."""
        return self.form is None and self.json is None and self.kind == "page"

    def asks_the_same(self, other: Onward) -> bool:
        """Whether two requests are one and the same to the server."""
        return (self.url, self.form, self.json) == (other.url, other.form, other.json)

    @property
    def numbers(self) -> list[int]:
        """Every number in its query (or, without one, its path), its fields and its JSON, in turn."""
        return [int(text) for piece in self._pieces() for text in _NUMBER.findall(piece)]

    def _pieces(self) -> list[str]:
        parts = urlsplit(self.url)
        return [parts.path, parts.query, *(value for _, value in self.form or ()), self.json or ""]

    def following(self, received: int) -> Onward | None:
        """The request after this one, which brought so many posts; None where only the answer can tell."""
        return self._moved([received if step is None else step for step in self.growth], 1)

    def preceding(self) -> Onward | None:
        """The request before this one; None where there is none, or it cannot be told."""
        steps = [step for step in self.growth if step is not None]
        whole = len(steps) == len(self.growth) and all(
            each >= step for each, step in zip(self.numbers, steps, strict=False)
        )
        return self._moved([-step for step in steps], -1) if whole else None

    def _moved(self, steps: list[int], pages: int) -> Onward | None:
        if not any(steps) or len(steps) != len(self.numbers):
            return None
        numbers = iter(str(number + step) if step else "" for number, step in zip(self.numbers, steps, strict=True))
        path, query, *values, json = [
            _NUMBER.sub(lambda match: next(numbers) or match[0], each) for each in self._pieces()
        ]
        parts = urlsplit(self.url)
        form = None if self.form is None else tuple(zip((key for key, _ in self.form), values, strict=True))
        url = urlunsplit((parts.scheme, parts.netloc, path, query, ""))
        number = self.number + pages if self.number is not None else None
        return replace(self, url=url, form=form, json=json if self.json is not None else None, number=number)

    def growing(self, after: Onward) -> Onward:
        """This request, growing as the one after it shows; without growth where the two differ otherwise."""
        if _blurred(self) != _blurred(after):
            return self
        steps = tuple(later - sooner for sooner, later in zip(self.numbers, after.numbers, strict=True))
        return replace(self, growth=steps) if any(step > 0 for step in steps) else self


def _blurred(ask: Onward) -> tuple[object, ...]:
    keys = tuple(key for key, _ in ask.form) if ask.form is not None else None
    return keys, ask.json is None, *(_NUMBER.sub("0", piece) for piece in ask._pieces())  # noqa: SLF001


def with_fields(url: str, fields: Fields) -> str:
    """An address with fields in its query; those it has under other names are kept."""
    parts = urlsplit(url)
    names = {name for name, _ in fields}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
    query = urlencode([*kept, *fields], errors="replace")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
