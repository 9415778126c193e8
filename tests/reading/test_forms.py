"""Forms that page are sent as a browser would send them; forms that may change something never are."""

from __future__ import annotations

import pytest

from auditor.reading.forms import press, read_postback
from auditor.reading.onward import Onward
from auditor.reading.page import parse
from auditor.reading.pager import read_pager

URL = "http://so.example.gov.vn/tin.aspx"
STATE = '<input type=hidden name=__VIEWSTATE value="/wEP=">'


def pressed(form: str) -> Onward | None:
    page = parse(f"<html><body>{form}</body></html>".encode(), URL)
    (button,) = page.root.xpath("//*[@value='2' and (@type='submit' or @type='image')]")
    return press(page, button)


BUTTON = "<input type=submit name=p value=2>"


def test_fields_are_those_a_browser_sends() -> None:
    form = (
        f"<form method=post action='/ds'>{STATE}<input type=hidden name=a value='1'><input name=b value=x>"
        "<input name=n disabled>"
        "<input type=checkbox name=c checked><input type=checkbox name=d><input type=radio name=e value=x checked>"
        "<select name=f><option value=1>M<option value=2 selected>H</select><select name=g><option>K</select>"
        f"<input type=reset name=h><input type=submit name=other value=1>{BUTTON}</form>"
    )
    assert pressed(form) == Onward(
        "http://so.example.gov.vn/ds",
        form=(
            ("__VIEWSTATE", "/wEP="),
            ("a", "1"),
            ("b", "x"),
            ("c", "on"),
            ("e", "x"),
            ("f", "2"),
            ("g", "K"),
            ("p", "2"),
        ),
    )


def test_question_in_the_address() -> None:
    form = f"<form action='?old=1'><input type=hidden name=cat value='5 6'>{BUTTON}</form>"
    assert pressed(form) == Onward(f"{URL}?cat=5+6&p=2")


def test_image_button_sends_where_it_was_pressed() -> None:
    form = "<form method=post><input type=image name=p value=2></form>"
    assert pressed(form) == Onward(URL, form=(("p.x", "1"), ("p.y", "1")))


@pytest.mark.parametrize(
    "form",
    [
        f"<form method=post action='/binh-chon'>{BUTTON}</form>",
        f"<form method=post id=frmPoll>{BUTTON}</form>",
        f"<form method=post action='/lien-he'>{BUTTON}</form>",
        f"<form method=post><textarea name=noi-dung></textarea>{BUTTON}</form>",
        f"<form method=post><input type=password name=p1>{BUTTON}</form>",
        f"<form><input type=password name=p1>{BUTTON}</form>",
        f"<form method=post><input type=file name=f>{BUTTON}</form>",
        f"<form method=post><input type=email name=mail>{BUTTON}</form>",
        f"<form method=post><input name=ten><input name=dia-chi>{BUTTON}</form>",
        f"<form method=post><input name=tu-khoa value='đất đai'>{BUTTON}</form>",
        f"<form method=post><input type=radio name=chon value=1>{BUTTON}</form>",
        f"<form method=post><div class=star-rating>{BUTTON}</div></form>",
        f"<form method=post action='http://elsewhere.example/'>{BUTTON}</form>",
        "<form method=post><input type=submit name=btnVote value=2></form>",
    ],
)
def test_form_that_is_never_sent(form: str) -> None:
    assert pressed(form) is None


@pytest.mark.parametrize(
    ("handler", "called"),
    [
        ("javascript:__doPostBack('ctl00$grid','Page$2')", ("ctl00$grid", "Page$2")),
        ('__doPostBack("ctl00$lnkNext", "")', ("ctl00$lnkNext", "")),
        ("setTimeout('__doPostBack(\\'ddl\\',\\'\\')', 0)", ("ddl", "")),
        (
            'WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("a$b", "", true, "", "", false, true))',
            ("a$b", ""),
        ),
        ("GoPage(2)", None),
    ],
)
def test_postback_in_a_handler(handler: str, called: tuple[str, str] | None) -> None:
    assert read_postback(handler) == called


@pytest.mark.parametrize(
    "control",
    [
        "<a href=\"javascript:__doPostBack('g','Sort$2')\">2</a>",
        "<a href=\"javascript:__doPostBack('ctl00$rating','2')\">2</a>",
        "<div class='binh-chon'><a href=\"javascript:__doPostBack('ctl01','2')\">2</a></div>",
        "<a class=aspNetDisabled href=\"javascript:__doPostBack('g','Page$2')\">2</a>",
    ],
)
def test_postback_that_is_never_sent(control: str) -> None:
    page = parse(f"<form method=post>{STATE}<p><b>1</b> {control}</p></form>".encode(), URL)
    assert read_pager(page).next is None


def test_page_behind_the_dots() -> None:
    row = "".join(
        f"<td><a href=\"javascript:__doPostBack('g','Page${n}')\">{t}</a></td>" for n, t in [(9, "9"), (11, "...")]
    )
    page = parse(f"<form method=post>{STATE}<table><tr>{row}<td>10</td></tr></table></form>".encode(), URL)
    ask = read_pager(page, asked=10).next
    assert ask is not None
    assert (ask.number, dict(ask.form or ())["__EVENTARGUMENT"]) == (11, "Page$11")


def test_a_button_outside_of_a_search_form_sends_nothing() -> None:
    page = parse(
        b'<form action="/tim-kiem"><input name="q"></form><button aria-label="Next page">&rsaquo;</button>',
        "http://so.example.gov.vn/tiep-cong-dan",
    )
    (button,) = page.root.iter("button")
    assert press(page, button) is None
