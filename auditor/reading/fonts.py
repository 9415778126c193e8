"""Text drawn by the fonts of old, in a parsed page: TCVN3 and VNI where an element names the font or the words show it.

Pages grew over twenty years: a Unicode menu beside a body pasted from Word in .VnTime, or Unicode pasted into an
element that still names .VnTime. So it is decided block by block, from the words, with the font as a hint.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from auditor import legacy, mojibake
from auditor.legacy import Encoding

_INLINE = frozenset(
    "a b i u em strong font span small big sub sup o:p center tt code label".split()  # noqa: SIM905
)
_NOT_READ = frozenset({"script", "style"})
_ATTRIBUTES = ("title", "alt", "content", "value", "placeholder", "summary")
_FAMILY = re.compile(r"font(?:-family)?\s*:\s*([^;}]{1,300})", re.IGNORECASE)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+)|#([\w-]+))?$", re.IGNORECASE)
_TCVN3_FONT = re.compile(r"\.vn[a-z0-9 ]*", re.IGNORECASE)
_VNI_FONT = re.compile(r"\bvni[- ]", re.IGNORECASE)
_LETTER_ENTITY = re.compile(r"&(?:(?<=[A-Za-z]&)(?:#|[A-Za-z]{2,8};)|amp;(?:#|[A-Za-z]{2,8};))")
_BROKEN = re.compile("[ÃÂÄÅÆáâÌ][^\x00-\x7f]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a tree refuses when written, though its parser lets it in."""
_OLD_FONT = re.compile(r"""['"\s,:;=](?:\.vn[a-z]|vni-)""", re.IGNORECASE)
_MOST_CSS = 200_000


@dataclass(frozen=True)
class Font:
    """What a font says of the text it draws: its encoding, None for an ordinary one; whether as capitals only."""

    encoding: Encoding | None = None
    capitals: bool = False


@dataclass(frozen=True)
class _Slot:
    """One piece of text in the tree: an element's own, or what follows it."""

    element: HtmlElement
    tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.tail else self.element.text) or ""

    def write(self, text: str) -> None:
        text = UNWRITABLE.sub(" ", text)
        if self.tail:
            self.element.tail = text
        else:
            self.element.text = text


@lru_cache(maxsize=1000)
def font_of(named: str) -> Font:
    """What a `face`, or a `font` or `font-family` of a style, says of its text.

    >>> font_of(".VnTimeH, Times"), font_of("Arial")
    (Font(encoding=<Encoding.TCVN3: 'TCVN3'>, capitals=True), Font(encoding=None, capitals=False))
    """
    if found := _TCVN3_FONT.search(named):
        return Font(Encoding.TCVN3, capitals=found[0].rstrip().endswith("H"))
    return Font(Encoding.VNI) if _VNI_FONT.search(named) else Font()


def restore(root: HtmlElement, source: str) -> None:
    """Writes the text of a page as it was meant, in place; `source` is what the tree was parsed from."""
    if _may_need_it(source):
        _Repair(root).run()


def _may_need_it(source: str) -> bool:
    """A quick look: nearly every page is plain Unicode."""
    if _LETTER_ENTITY.search(source):
        source = html.unescape(source)
    return bool(
        _OLD_FONT.search(source) or legacy.is_suspect(source) or _BROKEN.search(source) or _LETTER_ENTITY.search(source)
    )


@dataclass
class _Repair:
    """One page: the font and the block of every element, and the texts that stand together."""

    root: HtmlElement
    rules: dict[tuple[str, str], str] = field(default_factory=dict)
    groups: dict[tuple[HtmlElement, Font], list[_Slot]] = field(default_factory=lambda: defaultdict(list))

    def run(self) -> None:
        self.rules = dict(_rules(self.root))
        self._gather()
        told = {key: _joined(slots) for key, slots in self.groups.items()}
        found = {key: legacy.detect(text, expected=key[1].encoding) for key, text in told.items()}
        common = _most_common(encoding for key, encoding in found.items() if key[1].encoding is None)
        capitals = {key[1] for key, encoding in found.items() if encoding and key[1].capitals}
        for key, slots in self.groups.items():
            encoding = found[key] or legacy.detect(told[key], expected=common)
            if encoding or key[1] in capitals:
                _convert(slots, encoding, capitals=key[1] in capitals)
        self._attributes(common)

    def _gather(self) -> None:
        """Notes every text with its font and block, undoing what was decoded wrongly or escaped twice."""
        fonts: dict[HtmlElement, Font] = {}
        blocks: dict[HtmlElement, HtmlElement] = {}
        for event, element in etree.iterwalk(self.root, events=("start", "end")):
            parent = element.getparent()
            above = fonts.get(parent, Font()) if parent is not None else Font()
            block = blocks.get(parent, self.root) if parent is not None else self.root
            if event == "end":
                if element.tail and parent is not None:
                    self._note(_Slot(element, tail=True), above, block)
                continue
            fonts[element] = self._own_font(element) or above
            blocks[element] = block if element.tag in _INLINE else element
            if element.text and element.tag not in _NOT_READ:
                self._note(_Slot(element, tail=False), fonts[element], blocks[element])

    def _note(self, slot: _Slot, font: Font, block: HtmlElement) -> None:
        text = slot.text
        mended = text if text.isascii() and "&" not in text else mojibake.repair(mojibake.unescape(text))
        if mended != text:
            slot.write(mended)
        self.groups[block, font].append(slot)

    def _own_font(self, element: HtmlElement) -> Font | None:
        if (style := element.get("style")) and (family := _FAMILY.search(style)):
            return font_of(family[1])
        if face := element.get("face"):
            return font_of(face[:300])
        if not self.rules:
            return None
        names = [("#", element.get("id", "")), *((".", name) for name in element.get("class", "").split()[:20])]
        for name in (*names, ("", str(element.tag))):
            if family_named := self.rules.get(name):
                return font_of(family_named)
        return None

    def _attributes(self, common: Encoding | None) -> None:
        for element in self.root.iter():
            for name in _ATTRIBUTES if isinstance(element.tag, str) else ():
                value = element.get(name)
                if not value or (value.isascii() and "&" not in value):
                    continue
                mended = mojibake.repair(mojibake.unescape(value))
                encoding = legacy.detect(mended, expected=common)
                mended = legacy.CONVERT[encoding](mended) if encoding else mended
                if mended != value:
                    element.set(name, UNWRITABLE.sub(" ", mended))


def _joined(slots: list[_Slot]) -> str:
    """Texts of one block as one: Word splits a word among several elements."""
    return "".join("\n" + slot.text if slot.element.tag == "br" else slot.text for slot in slots)


def _convert(slots: list[_Slot], encoding: Encoding | None, *, capitals: bool) -> None:
    for slot in slots:
        text = legacy.CONVERT[encoding](slot.text) if encoding else slot.text
        slot.write(text.upper() if capitals else text)


def _most_common(encodings: Iterator[Encoding | None]) -> Encoding | None:
    ranked = Counter(encoding for encoding in encodings if encoding).most_common(1)
    return ranked[0][0] if ranked else None


def _rules(root: HtmlElement) -> Iterator[tuple[tuple[str, str], str]]:
    """The fonts that the page's own style sheet gives to elements, classes and ids, by the last part of a selector."""
    css = "".join((element.text or "")[:_MOST_CSS] for element in root.iter("style"))[:_MOST_CSS]
    for rule in css.split("}"):
        selectors, _, declarations = rule.rpartition("{")
        family = _FAMILY.search(declarations)
        for selector in selectors.split(",")[:50] if family else ():
            words = selector.split()
            found = _SELECTOR.match(words[-1]) if words else None
            if found and family:
                yield _name(found), family[1]


def _name(selector: re.Match[str]) -> tuple[str, str]:
    tag, name, ident = selector.groups()
    if ident:
        return "#", ident
    return (".", name) if name else ("", (tag or "").lower())
