"""Pages and data made to be too much: each kind of thing a page holds, thousands of times, or one without end.

Every flood takes the size in bytes it should have, so that the tests may try small ones and `make fuzz` those of the
size that is fetched at most.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count

TITLE = "Thông báo về việc tiếp công dân định kỳ"
DATE = "05/11/2019"


def _page(inner: str, head: str = "") -> bytes:
    return f"<html><head><title>Tin tức</title>{head}</head><body>{inner}</body></html>".encode()


def _fill(size: int, piece: Callable[[int], str]) -> str:
    """Pieces one after another, numbered, until there are `size` bytes of them."""
    told: list[str] = []
    length = 0
    for number in count(1):
        told.append(piece(number))
        length += len(told[-1].encode())
        if length >= size:
            return "".join(told)
    raise AssertionError


def _repeat(piece: str, size: int) -> str:
    return piece * (size // len(piece.encode()) + 1)


def _link(number: int) -> str:
    return f"<a href='/tin/bai-{number}.html'>{TITLE} tháng {number}</a>"


def _script(inner: str) -> bytes:
    """A listing whose script is the flood, with everything that makes scripts be looked at."""
    rows = "".join(f"<li>{_link(number)} <i>{DATE}</i></li>" for number in range(5))
    return _page(
        f"<ul>{rows}</ul><div id=list></div><a href='javascript:' id=more>Xem thêm</a><script>{inner}</script>"
    )


def _deep(opening: str) -> Callable[[int], bytes]:
    return lambda size: _page(_repeat(opening, size) + _link(1) + _link(2) + DATE)


def _text(piece: str) -> Callable[[int], bytes]:
    """One text without end in each place a text is read from."""
    return lambda size: _page(
        f"<h1>{TITLE}</h1><p>{_repeat(piece, size // 2)}</p><ul>"
        f"<li><a href=/a.html>{TITLE} {_repeat(piece, size // 8)}</a> <i>{_repeat(piece, size // 8)}</i></li>"
        f"<li><a href=/b.html title='{_repeat(piece, size // 8)}'>{TITLE} …</a></li></ul>"
    )


def _many(*pieces: str) -> Callable[[int], bytes]:
    """Elements in a row; `#` in them is their number."""
    together = "".join(pieces)
    return lambda size: _page(_fill(size, lambda number: together.replace("#", str(number))))


def _in(box: str, piece: str) -> Callable[[int], bytes]:
    """A box filled with pieces; `#` in them is their number."""
    opening, closing = box.split("|")
    return lambda size: _page(opening + _fill(size, lambda number: piece.replace("#", str(number))) + closing)


def _scripts(piece: str) -> Callable[[int], bytes]:
    return lambda size: _script(_fill(size, lambda number: piece.replace("#", str(number))))


def _nested_json(size: int) -> bytes:
    depth = 400
    one = '{"a":[' * depth + '{"title":"' + TITLE + '","url":"/a"}' + "]}" * depth
    return _script("var data = [" + ",".join([one] * (size // len(one) + 1)) + "];")


_RECORD = json.dumps({"id": 7, "title": TITLE, "url": "/tin/7.html", "date": "2019-11-05"}, ensure_ascii=False)

PAGES: dict[str, Callable[[int], bytes]] = {
    "links of one title": _many(f"<a href='/tin/#.html'>{TITLE}</a> "),
    "links of one address": _many("<a href='/tin/a.html'>Thông báo số # của Sở</a> "),
    "rows": _in("<ul>|</ul>", f"<li><a href='/tin/#.html'>{TITLE} #</a> <i>{DATE}</i></li>"),
    "rows without dates": _in("<div>|</div>", f"<div><h3><a href='/tin/#.html'>{TITLE} #</a></h3><p>Tin #</p></div>"),
    "rows of files": _in(
        "<table>|</table>", f"<tr><td>#</td><td>{TITLE} #</td><td><a href='/t/#.pdf'>Tải</a></td></tr>"
    ),
    "rows that link their number": _in(
        "<table><tr><th>Số</th><th>Trích yếu</th></tr>|</table>",
        f"<tr><td><a href='/vb/#.html'>#/TB</a></td><td>{TITLE} #</td></tr>",
    ),
    "table rows": _in("<table>|</table>", f"<tr><td>{DATE}</td><td>#</td></tr>"),
    "table rows without links": _in("<table>|</table>", f"<tr><td>{TITLE} #</td><td>{DATE} 10:#</td></tr>"),
    "tables": _many(f"<table><tr><td>{DATE}</td><td><a href='/#.html'>{TITLE} #</a></td></tr></table>"),
    "cells": _in("<table><tr>|</tr></table>", f"<td><a href='/#.html'>{TITLE} #</a></td>"),
    "lists in a list": _in("<ul><li>|</ul>", "<ul><li><a href='/#/'>Mục số #</a>"),
    "menus": _in("<nav><ul>|</ul></nav>", "<li><a href='/m/#/'>Tiếp công dân</a><ul><li><a href='/n/#/'>Lịch tiếp</a>"),
    "headings that name the section": _many("<div><h3>Tiếp công dân</h3><a href='/x/#'>Lịch</a></div>"),
    "headings": _many(f"<h2>{TITLE} #</h2>"),
    "headings that are links": _many(f"<h2><a href='/tin/#.html'>{TITLE} #</a></h2><p>{DATE}"),
    "dates": _many(f"<p>{DATE}</p>"),
    "dates in lines": _many(f"{DATE} 10:# <br>"),
    "dates in words": _many("<p>Đắk Nông, ngày 05 tháng 11 năm 2019</p>"),
    "labels": _many("<b>Ngày đăng:</b><i>12/11/2019</i>"),
    "relative dates": _many("<span># ngày trước</span>"),
    "times": _many("<time datetime='2019-11-05T10:00:00'>hôm nay</time>"),
    "figures": _many("<a>#</a> "),
    "page numbers": _many("<a href='?page=#'>#</a> "),
    "page numbers of scripts": _many("<a href=\"javascript:__doPostBack('p','Page$#')\">#</a> "),
    "steps of scripts": _many("<a href='javascript:' onclick='go(#)'>Xem thêm</a> "),
    "next": _many("<a href='javascript:go(#)' rel=x>»</a> "),
    "divs": _deep("<div>"),
    "tables in tables": _deep("<table><tr><td>"),
    "lists in lists": _deep("<ul><li>"),
    "links in divs": _deep("<div><a href='/x.html'>Thông báo số một của Sở</a>"),
    "fonts in fonts": _deep("<font face='.VnTime'>d©n "),
    "bold in italics": _deep("<b><i>x"),
    "forms in forms": _deep("<form action=/x><input name=a>"),
    "inline without end": _deep("<span>a</span>"),
    "empty divs": _many("<div></div>"),
    "empty boxes": _many("<div id=list-#></div>"),
    "breaks": _many("<br>"),
    "images": _many("<a href='/x/#'><img src='/anh/tiep-cong-dan-#.png'></a>"),
    "images without links": _many("<img src='/anh/#.png' alt='Tiếp công dân'>"),
    "clickable": _many("<td onclick=\"location.href='/tiep-cong-dan/#'\">Tiếp công dân</td>"),
    "clickable in clickable": lambda size: _page(
        "<div onclick=\"location.href='/a.html'\">" * 200 + _repeat("<a href=javascript:>Thông báo số một</a>", size)
    ),
    "rows that a script opens": _many(
        f"<tr onclick=\"location.href='/tin/#.html'\"><td>{TITLE} #</td><td>{DATE}</td></tr>"
    ),
    "next by relation": _many("<a rel=next href='?p=#'>²</a> "),
    "frames": _many("<iframe src='/khung/#'></iframe>"),
    "frame sets": lambda size: b"<frameset>" + _repeat("<frame src='/a.html' name=b>", size).encode(),
    "forms": _many("<form action='/tim/#' method=post><input name=a value=#><input type=submit value='#'></form>"),
    "fields": _in("<form action=/a method=post>|</form>", "<input type=hidden name=f# value=#>"),
    "buttons": _in("<form action=/a method=post>|</form>", "<input type=submit name=b# value='#'>"),
    "options": _in("<form><select onchange='this.form.submit()'>|</select></form>", "<option value='/p/#'>#</option>"),
    "options that name months": _in(
        "<select onchange='go(this)'>|</select>", "<option value=#>Tháng # năm 2019</option>"
    ),
    "boxes to choose from": _many(
        "<select onchange='go(this.value)'><option value=1>Lịch tiếp</option><option value=2>Nội quy</option></select>"
    ),
    "metas": lambda size: _page("", _repeat("<meta name=date content='2019-11-05'>", size)),
    "titles": lambda size: _page("", _repeat("<title>Tin</title>", size)),
    "links in the head": lambda size: _page(
        "", _fill(size, lambda number: f"<link rel=alternate type=application/rss+xml href=/rss/{number}>")
    ),
    "bases": lambda size: _page(_link(1), _repeat("<base href='/x/'>", size)),
    "attributes": lambda size: _page(
        f"<a href='/a.html' {_fill(size, lambda number: f'data-a{number}={number} ')}>{TITLE}</a>"
    ),
    "elements with attributes": _many("<i data-url='/a/#' data-page=# class='c#' id='i#' style='color:red'></i>"),
    "classes": lambda size: _page(f"<div class='{_fill(size, lambda number: f'c{number} ')}'>{_link(1)}</div>"),
    "an attribute": lambda size: b"<a href='/" + b"a" * size,
    "an address": lambda size: _page(f"<a href='/{_repeat('a/', size)}'>{TITLE}</a>"),
    "a query": lambda size: _page(f"<a href='?{_fill(size, lambda number: f'p{number}=1&')}'>2</a>"),
    "addresses with queries": _many("<a href='?trang=#&a=1&b=2&c=3&d=4'>#</a> "),
    "a handler": lambda size: _page(f"<a href=# onclick=\"go('{_repeat('x', size)}')\">2</a>"),
    "a style": lambda size: _page(f"<p style='font-family:{_repeat('a ', size)}'>dân</p>"),
    "a style sheet": lambda size: _page("d©n", f"<style>{_repeat('.a,.b{font-family:.VnTime}', size)}</style>"),
    "a view state": lambda size: _page(
        f"<form method=post><input type=hidden name=__VIEWSTATE value='{_repeat('dDwx', size)}'>"
        "<a href=\"javascript:__doPostBack('p','2')\">2</a></form>"
    ),
    "data in attributes": _many('<div data-items=\'[{"title":"Tiếp công dân #","url":"/a/#"}]\'></div>'),
    "templates": _many("<div v-for='a in list#'>{{ a.title }} <a :href=\"'/x/' + a.id\"></a></div>"),
    "less-than signs": lambda size: b"<" * size,
    "broken tags": lambda size: b"<a <b <" * (size // 7),
    "open comments": lambda size: b"<!--" * (size // 4),
    "doctypes": lambda size: b"<!DOCTYPE " * (size // 10),
    "closing tags": lambda size: b"</div>" * (size // 6),
    "processing instructions": lambda size: b"<?xml " * (size // 6),
    "CDATA": lambda size: b"<![CDATA[" * (size // 9),
    "entities": lambda size: _page("&amp;" * (size // 5)),
    "entities escaped twice": lambda size: _page("<p>" + "&amp;#7871;" * (size // 11)),
    "broken entities": lambda size: _page("&#x" * (size // 3)),
    "old fonts": _many("<p><font face='.VnTime'>TiÕp c«ng d©n #</font></p>"),
    "read wrongly": _many("<p>Tiáº¿p cÃ´ng dÃ¢n #</p>"),
    "bad bytes": lambda size: _page("<ul>|</ul>").replace(b"|", "<li>tiếp ".encode() + b"\xe1\xbb</li>" * (size // 7)),
    "forgotten tags": _many(f"<font><b><a href='/tin/#.html'>{TITLE} #</a><br>"),
    "words": _text("tiếp công dân "),
    "spaces": _text(" \t\n"),
    "no-break spaces": _text("\u00a0"),
    "digits": _text("1"),
    "digits and spaces": _text("1 "),
    "digits and slashes": _text("1/"),
    "digits and colons": _text("10:"),
    "digits and dots": _text("1."),
    "dots": _text("."),
    "dashes": _text(" - "),
    "slashes": _text("/"),
    "brackets": _text("("),
    "square brackets": _text("[{"),
    "quotes": _text("“"),
    "dates in a text": _text("05/11/2019 "),
    "days in a text": _text("ngày 05 tháng 11 năm 2019 "),
    "half dates in a text": _text("ngày 05 tháng "),
    "numbers of documents": _text("Số 12/TB-UBND ngày "),
    "pages in a text": _text("trang 1 / "),
    "totals in a text": _text("tổng số 12 tin "),
    "capitals": _text("ĐẮK NÔNG, NGÀY "),
    "marks": _text("o\u0301"),
    "marks upon marks": _text("\u0301\u0323"),
    "invisible": _text("\u200b"),
    "clocks": _text("Thứ bảy - 10:00 "),
    "communes": _text("xã Đắk "),
    "addresses in a text": _text("http://a.b/"),
    "scripts": _many("<script>var a# = '/api/#?page=1'; fetch('/api/list?page=' + a#)</script>"),
    "a minified script": _scripts("function a#(b,c){return b.d(c)?{e:[#,'x'],f:'/g/'+c}:a#(c,b)};"),
    "a script in one word": lambda size: _script("a" * size),
    "a script in one text": lambda size: _script("var a='" + _repeat("<li>x", size) + "';"),
    "a script that opens a text": lambda size: _script(_repeat("'", size)),
    "a script of slashes": lambda size: _script(_repeat("/", size)),
    "a script of half expressions": lambda size: _script(_repeat("/[a", size)),
    "a script of spaces": lambda size: _script("var a =" + _repeat(" ", size)),
    "a script of brackets": lambda size: _script("var a = " + _repeat("[", size)),
    "a script of braces": lambda size: _script("var a = " + _repeat('{"a":', size)),
    "a script of calls": lambda size: _script(_repeat("fetch('/x?a='+", size)),
    "a script of requests": _scripts("$.ajax({url:'/api/tin/#',data:{page:#}});"),
    "a script of functions": _scripts("function f#(p){$.get('/ds?page='+p,function(d){f#(p+1)})}"),
    "a script of names": _scripts("var a#=a+1;"),
    "a script of sums": lambda size: _script("var a=" + _repeat("b+'c'+", size) + "1"),
    "a script of templates": lambda size: _script(_repeat("`${a}`", size)),
    "a script of half templates": lambda size: _script(_repeat("`${", size)),
    "a script of escapes": lambda size: _script("var a='" + _repeat("\\u0041", size) + "'"),
    "a script of backslashes": lambda size: _script("var a='" + _repeat("\\", size)),
    "a script of comments": lambda size: _script(_repeat("/*", size)),
    "a script of line comments": lambda size: _script(_repeat("//a\n", size)),
    "a script of menus": _scripts("d.add(#,0,'Tiếp công dân','/tcd/#.htm');"),
    "a script of half menus": _scripts("d.add('Tiếp công dân','a','b','c',"),
    "a script of writes": _scripts(f"document.write('<li><a href=\"/tin/#.html\">{TITLE} #</a></li>');"),
    "a script of named data": _scripts("{title:'Tiếp công dân',url:'/x/#'},"),
    "a script of patterns": _scripts("h+='<a href=\"/tin/'+item.slug+'-'+item.id+'.html\">'+item.title+'</a>';"),
    "a script of pushes": _scripts('self.__next_f.push([1,\'#:[{"title":"Tiếp công dân"}]\']);'),
    "a script of parses": _scripts('var a#=JSON.parse(\'[{"title":"Tiếp công dân #","url":"/a/#"}]\');'),
    "a script of loops": lambda size: _script("function f(){f();f()}f();" + _repeat("f();", size)),
    "a script of doublings": lambda size: _script("var a='x';" + _repeat("a=a+a;", size)),
    "a script of doubled records": lambda size: _script(
        "var a={b:1};" + _repeat("a={x:a,y:a};", size) + "$.post('/ds',a);fetch('/x?q='+JSON.stringify(a))"
    ),
    "a script that looks for elements": lambda size: _script(_repeat("$('.a b [c=d]').find('i').val();", size)),
    "a script of bindings": _scripts("$('.a#').on('click',function(){location.href='/x/#'});"),
    "a script that scrolls": lambda size: _script("$(window).scroll(function(){" + _repeat("scroll ", size) + "})"),
    "records": lambda size: _script(f"var data = [{','.join([_RECORD] * (size // len(_RECORD) + 1))}];"),
    "lists of records": _scripts(f"var a# = [{_RECORD}];"),
    "numbers": lambda size: _script("var data = [" + _repeat("1,", size) + "1];"),
    "rows of numbers": lambda size: _script("var data = [" + _repeat("[1,2],", size) + "[1]];"),
    "nested records": _nested_json,
    "linked data": lambda size: _page(
        _link(1), f"<script type='application/ld+json'>[{','.join([_RECORD] * (size // len(_RECORD) + 1))}]</script>"
    ),
    "linked data in pieces": _many(
        '<script type=\'application/ld+json\'>{"@type":"NewsArticle","datePublished":"2019-11-05"}</script>'
    ),
}
"""Pages, by what there is too much of."""

_ITEM = (
    f"<item><title>{TITLE}</title><link>http://so.example.gov.vn/tin/#.html</link>"
    "<pubDate>Tue, 05 Nov 2019 10:00:00 +0700</pubDate></item>"
)
_LOC = "<url><loc>http://so.example.gov.vn/tin/#.html</loc><lastmod>2019-11-05</lastmod></url>"


def _xml(box: str, piece: str) -> Callable[[int], bytes]:
    opening, closing = box.split("|")
    return lambda size: (opening + _fill(size, lambda number: piece.replace("#", str(number))) + closing).encode()


def _entities(size: int) -> bytes:
    """Entities of entities ("billion laughs")."""
    told = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    return (
        f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{told}]><rss><item><title>&l11;</title></item></rss>".encode() + b" " * size
    )


DATA: dict[str, Callable[[int], bytes]] = {
    "items of a feed": _xml("<rss><channel>|</channel></rss>", _ITEM),
    "an item of links": _xml("<rss><channel><item>|</item></channel></rss>", "<link>http://a.b/#</link>"),
    "an item of texts": _xml("<rss><channel><item><title>|</title></item></channel></rss>", "a<b>#</b>"),
    "entries of a site map": _xml("<urlset>|</urlset>", _LOC),
    "addresses in one entry": _xml("<urlset><url>|</url></urlset>", "<loc>http://so.example.gov.vn/#</loc>"),
    "elements in elements": _xml("<rss><loc>|", "<a>"),
    "an XML text": _xml("<urlset><url><loc>|</loc></url></urlset>", "a"),
    "entities of entities": _entities,
    "XML attributes": _xml("<rss |/>", "a#='1' "),
    "records": lambda size: f"[{','.join([_RECORD] * (size // len(_RECORD) + 1))}]".encode(),
    "records in records": lambda size: ('{"data":[' * (size // 9)).encode(),
    "records with lists": _xml(
        '{"data":[|{}]}', '{"title":"Tiếp công dân #","list":[{"title":"Lịch tiếp","url":"/a/#"}]},'
    ),
    "numbers": lambda size: b"[" + b"1," * (size // 2) + b"1]",
    "strings": lambda size: json.dumps([TITLE] * (size // 50)).encode(),
    "markup in a text": lambda size: json.dumps({"html": _repeat(f"<li><a href=/a>{TITLE}</a>", size)}).encode(),
    "texts in texts": lambda size: json.dumps(json.dumps(json.dumps(["a" * size]))).encode(),
    "a number": lambda size: b"[" + b"1" * size + b"]",
    "a minified script": _xml("|", "function a#(b,c){return b.d(c)?{e:[#,'x'],f:'/g/'+c}:a#(c,b)};"),
    "a script of requests": _xml("|", "$.ajax({url:'/api/tin/#',data:{page:#}});"),
    "a script of brackets": _xml("|", "["),
    "a script of lists": _xml("|", "[{a:"),
    "a script of menus": _xml("|", "d.add(#,0,'Tiếp công dân','/tcd/#.htm');"),
    "a script of calls": _xml("|", "fetch('/x?a='+"),
    "a script of patterns": _xml("|", "h+='<a href=\"/tin/'+item.slug+'-'+item.id+'.html\">'+item.title+'</a>';"),
    "a script of spaces": _xml("fetch(|", " "),
    "a guard": _xml("|", "for(;;);"),
}
"""Data, by what there is too much of."""
