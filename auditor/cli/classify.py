"""`auditor classify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import IO, Any

import click

from auditor.adopted import judge_in
from auditor.classify import Judge
from auditor.cli.options import Options, declare
from auditor.crawl.folders import DataFolder
from auditor.errors import InputError
from auditor.text import json_text

_REMEDY = 'write one JSON object per line: {"title": "…", "section": "…", "body": "…", "document": "…"}'


@declare("classify posts.jsonl", "classify < posts.jsonl > classified.jsonl")
@click.argument("file", type=click.File("rb"), default="-")
def command(options: Options, file: IO[bytes]) -> None:
    """Sorts posts into the five categories.

    Reads JSON lines from FILE or standard input, {"title": …, "section": …, "body": …, "published": "2019-11-03",
    "document": text of its files}, of which only the title is needed. Prints the same lines with category (null: none
    of the five), confidence, why and runner_up added. A wrong line ends it with status 2; those before it are printed.
    """
    name = getattr(file, "name", "standard input")
    judge = judge_in(DataFolder(options.data).judge)
    for number, line in enumerate(file, 1):
        if line.strip():
            click.echo(_classified(judge, line, f"{name}:{number}"))


def _classified(judge: Judge, line: bytes, place: str) -> bytes:
    post = _post(line, place)
    published = post.get("published")
    said = post.get("body"), _day(published, place), post.get("document")
    decision = judge.classify(post["title"], post.get("section"), *said)
    post |= asdict(decision)
    return json_text(post).encode()


def _post(line: bytes, place: str) -> dict[str, Any]:
    try:
        post = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not JSON ({error}): {_REMEDY}") from error
    if not isinstance(post, dict) or not isinstance(post.get("title"), str):
        raise InputError(f"{place}: not an object with a title: {_REMEDY}")
    for key in ("section", "body", "published", "document"):
        if not isinstance(post.get(key), str | None):
            raise InputError(f"{place}: {key} is neither text nor null: {_REMEDY}")
    return post


def _day(published: str | None, place: str) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        raise InputError(f"{place}: published is no date: write it as 2019-11-03") from None
