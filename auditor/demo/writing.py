"""The text of a post and its attachments: written from a few models per category, the same at every run."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, timedelta

import docx

from auditor.categories import Category
from auditor.demo.content import Post, data

_NAMED_DAY = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})")
_TEASER = 140

_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paragraphs(post: Post) -> list[str]:
    """The text of a post; a single line where the text is in the attachment."""
    models = data("texts.yaml")
    if post.bare:
        return [models["bare"]]
    kind = models[post.category or "other"]
    special = (text for words, text in models["special"].items() if words in post.title.lower())
    model = next(special, kind[post.number % len(kind)])
    return [paragraph.format_map(_slots(post)) for paragraph in model]


def teaser(post: Post) -> str:
    """The beginning of the text, cut at a word, as listings print it."""
    text = paragraphs(post)[0]
    return text if len(text) <= _TEASER else f"{text[:_TEASER].rsplit(' ', 1)[0]}..."


def file(kind: str, post: Post) -> tuple[bytes, str]:
    """An attachment's bytes and content type; `kind` is "pdf" or "docx"."""
    return (_docx(post), _DOCX) if kind == "docx" else (_pdf(f"Van ban so {post.number}"), _PDF)


def _slots(post: Post) -> Mapping[str, object]:
    day = _day(post)
    body = (
        post.author.removeprefix("Chủ tịch ").removeprefix("Giám đốc ").removeprefix("Chánh ").removeprefix("Trưởng ")
    )
    return {
        "author": post.author,
        "body": body[0].upper() + body[1:],
        "day": f"{day:%d/%m/%Y}",
        "month": f"{day.month}/{day.year}",
        "visitors": f"{2 + post.number % 6:02d}",
        "letters": f"{5 + post.number % 17:02d}",
        "number": 100 + post.number % 800,
    }


def _day(post: Post) -> date:
    """The day a post speaks of: the one its title names; else a session soon to come, or one just held."""
    if named := _NAMED_DAY.search(post.title):
        day, month, year = map(int, named.groups())
        return date(year, month, day)
    ahead = 8 if post.category is Category.SCHEDULE else -1
    return post.published.date() + timedelta(days=ahead)


def _docx(post: Post) -> bytes:
    document = docx.Document()
    for paragraph in (post.title, *paragraphs(post)):
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf(line: str) -> bytes:
    """The smallest PDF with one line of text (ISO 32000-1, 7.5: header, objects, cross references, trailer)."""
    content = f"BT /F1 14 Tf 72 760 Td ({line}) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    text, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(text))
        text += f"{number} 0 obj{body}endobj\n"
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{text}xref\n0 {size}\n0000000000 65535 f \n{entries}"
        f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    ).encode("ascii")
