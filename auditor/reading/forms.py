"""Forms that page: what a browser would send, and which forms are never sent because they might change something.

Source: HTML standard, form submission; ASP.NET's `__doPostBack`, which names the control that was clicked in the
hidden fields `__EVENTTARGET` and `__EVENTARGUMENT` and posts the view state back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from auditor.reading.addresses import host_of, resolve
from auditor.reading.onward import Fields, Onward, with_fields
from auditor.reading.page import Page
from auditor.text import fold

_POSTBACK = re.compile(
    r"__doPostBack\(\s*\\?['\"]([^'\"\\]{1,300})\\?['\"]\s*(?:,\s*\\?['\"]([^'\"\\]{0,300})\\?['\"]\s*)?\)|"
    r"WebForm_PostBackOptions\(\s*['\"]([^'\"]{1,300})['\"]\s*,\s*['\"]([^'\"]{0,300})['\"]"
)
_PAGE_ARGUMENT = re.compile(r"Page\$(\d{1,4})")
_COMMAND = re.compile(r"(sort|select|edit|delete|update|cancel|insert|new|remove)\$", re.IGNORECASE)
_CHANGES = re.compile(
    r"rating|\brate|vote|binh ?chon|bau ?chon|poll|survey|khao ?sat|danh ?gia|comment|binh ?luan|log ?(in|on|out)|"
    r"sign ?(in|out|up)|dang ?(nhap|xuat|ky)|register|subscribe|newsletter|delete|remove|\bxoa|upload|captcha"
)
_WRITES = re.compile(
    r"lien ?he|contact|feedback|phan ?(hoi|anh)|y ?kien|gop ?y|hoi ?dap|gui ?(cau|y|don|thu|tin)|mail|send"
)
_NOT_SENT = frozenset({"submit", "image", "button", "reset", "file", "password"})
_REFUSED = frozenset({"password", "file", "email", "tel"})
_CHOICES = frozenset({"radio", "checkbox"})
_NAMES = ("id", "name", "class", "title")
_NEAR = 3
_MOST_FIELDS = 2_000


def read_postback(text: str) -> tuple[str, str] | None:
    """The target and the argument of the postback a handler or `javascript:` address makes."""
    match = _POSTBACK.search(text)
    return (match[1] or match[3], match[2] or match[4] or "") if match else None


def page_of(argument: str) -> int | None:
    """The page a GridView's argument asks for: `Page$11`."""
    match = _PAGE_ARGUMENT.fullmatch(argument)
    return int(match[1]) if match else None


def post_back(
    page: Page, element: HtmlElement, target: str, argument: str, changes: dict[str, str] | None = None
) -> Onward | None:
    """The postback of a control, some fields changed; None without a form for it, or if it may be more than paging."""
    form = form_of(page, element)
    number = page_of(argument)
    if form is None or _COMMAND.match(argument):
        return None
    if number is None and (_speak_of(_CHANGES, target) or may_change(element)):
        return None
    fields = ((name, (changes or {}).get(name, value)) for name, value in fields_of(form))
    kept = tuple(pair for pair in fields if pair[0] not in {"__EVENTTARGET", "__EVENTARGUMENT", "__ASYNCPOST"})
    return _sent(
        page, form, (("__EVENTTARGET", target), ("__EVENTARGUMENT", argument), *kept), "post", page_of(argument)
    )


def press(page: Page, button: HtmlElement) -> Onward | None:
    """What pressing a submit or image button sends; None where its form may do more than page."""
    form = form_of(page, button)
    if form is None or not is_harmless(form) or may_change(button):
        return None
    inside = any(ancestor is form for ancestor in button.iterancestors())
    if not inside and not is_web_form(form) and not button.get("form"):
        return None  # a script's button beside a search box
    name = button.get("name", "")
    if button.get("type", "").lower() == "image":
        pressed: Fields = ((f"{name}.x", "1"), (f"{name}.y", "1")) if name else (("x", "1"), ("y", "1"))
    else:
        pressed = ((name, button.get("value", "")),) if name else ()
    return _sent(page, form, (*fields_of(form), *pressed), button.get("formmethod", form.get("method", "get")))


def submit(page: Page, form: HtmlElement, changes: dict[str, str]) -> Onward | None:
    """What a script sends that sets some fields and submits the form; None where it may do more than page."""
    if not is_harmless(form):
        return None
    kept = tuple((name, changes.get(name, value)) for name, value in fields_of(form))
    added = tuple((name, value) for name, value in changes.items() if name not in dict(kept))
    return _sent(page, form, (*kept, *added), form.get("method", "get"))


def _sent(page: Page, form: HtmlElement, fields: Fields, method: str, number: int | None = None) -> Onward | None:
    url = resolve(page.base, form.get("action", "")) or page.url
    if host_of(url) != host_of(page.url):
        return None
    if method.lower() == "post":
        return Onward(url, form=fields, number=number)
    return Onward(with_fields(url.partition("?")[0], fields), number=number)


def form_of(page: Page, element: HtmlElement) -> HtmlElement | None:
    """The form a control belongs to; where markup is broken, the page's ASP.NET form, or its only one."""
    around = next(element.iterancestors("form"), None)
    if around is not None:
        return around
    forms = list(islice(page.root.iter("form"), _MOST_FIELDS))
    named = [form for form in forms if element.get("form") and form.get("id") == element.get("form")]
    likely = named or [form for form in forms if is_web_form(form)] or forms
    return likely[0] if named or len(likely) == 1 else None


def is_web_form(form: HtmlElement) -> bool:
    """Whether it is the one form of an ASP.NET page, which holds everything on it."""
    return any(field.get("name", "").startswith("__VIEWSTATE") for field in form.iter("input"))


def is_harmless(form: HtmlElement) -> bool:
    """Whether sending a form can be no more than a question: it takes no text, secret or file, and is not named so.

    On an ASP.NET page the control that is clicked decides, not what else stands in the form.
    """
    if is_web_form(form):
        return True
    fields = [field for field in form.iter("input") if field.get("disabled") is None]
    kinds = {field.get("type", "text").lower() for field in fields}
    if _REFUSED.intersection(kinds):
        return False
    if form.get("method", "get").lower() != "post":
        return True
    names = " ".join(form.get(name, "") for name in ("id", "name", "class", "action"))
    if (
        _CHOICES.intersection(kinds)
        or next(form.iter("textarea"), None) is not None
        or _speak_of(_CHANGES, names)
        or _speak_of(_WRITES, names)
    ):
        return False
    texts = [field for field in fields if field.get("type", "text").lower() in {"text", "search"}]
    return len(texts) <= 1 and not any(_is_written(field) for field in texts)


def _is_written(field: HtmlElement) -> bool:
    """Whether a field holds a text that someone entered; a number is a page's."""
    value = field.get("value", "").strip()
    return bool(value) and not value.isdecimal()


def may_change(control: HtmlElement) -> bool:
    """Whether a control's names, or those of what it stands in, say that it votes, rates, logs in or deletes."""
    boxes = [control, *islice(control.iterancestors(), _NEAR)]
    names = " ".join(box.get(name, "") for box in boxes for name in _NAMES if box.tag not in {"form", "body"})
    return _speak_of(_CHANGES, names)


def speaks_of_changes(names: str) -> bool:
    """Whether names speak of voting, writing, logging in or deleting."""
    return _speak_of(_CHANGES, names) or _speak_of(_WRITES, names)


def _speak_of(pattern: re.Pattern[str], names: str) -> bool:
    """Whether names in a page's source (`lnkBinhChon`, `frm-contact`) speak of something."""
    return bool(pattern.search(fold(re.sub(r"(?<=[a-z])(?=[A-Z])|[_$/.-]+", " ", names))))


def fields_of(form: HtmlElement) -> Fields:
    """The fields a browser sends with a form as it stands, without buttons, files and secrets."""
    return tuple(islice(_fields(form), _MOST_FIELDS))


def _fields(form: HtmlElement) -> Iterator[tuple[str, str]]:
    for field in form.iter("input", "select", "textarea"):
        name = field.get("name", "")
        if not name or field.get("disabled") is not None:
            continue
        if field.tag == "select":
            yield from ((name, value) for value in _selected(field))
        elif field.tag == "textarea":
            yield name, field.text_content()
        elif (kind := field.get("type", "text").lower()) in {"checkbox", "radio"}:
            if field.get("checked") is not None:
                yield name, field.get("value", "on")
        elif kind not in _NOT_SENT:
            yield name, field.get("value", "")


def _selected(field: HtmlElement) -> list[str]:
    options = list(field.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and field.get("multiple") is None:
        chosen = options[:1]
    return [value_of(option) for option in chosen]


def value_of(option: HtmlElement) -> str:
    """What an option of a select box stands for."""
    return str(option.get("value", option.text_content().strip()))
