"""What of tonight's matters is worth saying: what is new, what changed, what is over. Pure.

A matter is told once and again only when its words change; one that nobody was told of ends without a word. So a week
of the same fault is one message, and a fault that came and went between two nights is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Who reads a digest."""

    OPERATOR = "operator"
    CLERK = "clerk"


@dataclass(frozen=True)
class Matter:
    """One thing somebody should know.

    Attributes:
        key: what it is about, stable over the nights: "unit so-noi-vu".
        text: one line. remedy: what its reader can do; "" where nothing is to be done.
        over: what is said when it has ended; "" where its end needs no word.
        once: it is an event, told once and then forgotten by key.
    """

    audience: Audience
    key: str
    text: str
    remedy: str = ""
    over: str = ""
    once: bool = False


@dataclass(frozen=True)
class Told:
    """What was said of a matter, on which night (ISO day), and what to say when it ends; `once`: it never does."""

    text: str
    night: str
    over: str = ""
    once: bool = False


@dataclass(frozen=True)
class Digest:
    """What one audience is told on one night; empty where there is nothing to say.

    Attributes:
        news: new or changed. ended: the closing words of what is over. going_on: how many told matters go on unchanged.
    """

    audience: Audience
    night: date
    news: tuple[Matter, ...] = ()
    ended: tuple[str, ...] = ()
    going_on: int = 0

    def __bool__(self) -> bool:
        return bool(self.news or self.ended)


def digest(
    known: Mapping[str, Told], audience: Audience, matters: Iterable[Matter], night: date
) -> tuple[Digest, Mapping[str, Told]]:
    """What to tell an audience, and what will have been told once it is.

    Args:
        known: what was told before, by the matters' keys.
        audience: whose matters are taken.
        matters: everything that concerns anybody tonight.
        night: the day of the digest.
    """
    tonight = {matter.key: matter for matter in matters if matter.audience is audience}
    news = tuple(each for each in tonight.values() if each.key not in known or _changed(known[each.key], each))
    gone = (told for key, told in known.items() if key not in tonight)
    ended = tuple(told.over for told in gone if told.over and not told.once)
    stays = {key: told for key, told in known.items() if key in tonight or told.once}
    told = {each.key: Told(each.text, night.isoformat(), each.over, each.once) for each in news}
    return Digest(audience, night, news, ended, len(tonight) - len(news)), {**stays, **told}


def _changed(told: Told, matter: Matter) -> bool:
    return not matter.once and told.text != matter.text
