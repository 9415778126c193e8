"""The requests that scripts make for lists, read without running them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.reading.endpoints import find_endpoints, inline_scripts
from auditor.reading.onward import Onward
from auditor.reading.page import Page, parse

HOME = "http://so.example.gov.vn"
URL = f"{HOME}/tiep-cong-dan/lich-12?cat=7"
HOSTS = frozenset({"so.example.gov.vn"})
LATER = 20
"""Posts received before more is asked for."""


def page_of(body: str, url: str = URL) -> Page:
    return parse(f"<html><head><title>Lịch</title></head>{body}</html>".encode(), url)


def first(body: str, *scripts: str, url: str = URL) -> Onward | None:
    page = page_of(body, url)
    found = find_endpoints(page, (*inline_scripts(page), *scripts), HOSTS)
    return found.endpoints[0].ask if found.endpoints else None


def told(ask: Onward | None) -> str | None:
    """A request in one line: address, then what is posted."""
    if ask is None:
        return None
    sent = f" {dict(ask.form)}" if ask.form is not None else f" {json.loads(ask.json)}" if ask.json is not None else ""
    return ask.url.removeprefix(HOME) + sent


CASES: dict[str, tuple[str, str, str | None]] = {
    "fetch": ("fetch('/api/tin?muc=5').then(r => r.json()).then(show)", "/api/tin?muc=5", None),
    "fetch with a page": (
        "let page = 1; function load() { fetch(`/api/tin?muc=5&page=${page}`) } load();",
        "/api/tin?muc=5&page=1",
        "/api/tin?muc=5&page=2",
    ),
    "a page from nought": (
        "var pageIndex = 0; $.getJSON('/api/news?pageIndex=' + pageIndex + '&pageSize=10', render);",
        "/api/news?pageIndex=0&pageSize=10",
        "/api/news?pageIndex=1&pageSize=10",
    ),
    "an offset": (
        (
            "const limit = 10; async function load(offset) { return await axios.get('/api/bai-viet', "
            "{params: {category: 3, offset, limit}}) } load(0)"
        ),
        "/api/bai-viet?category=3&offset=0&limit=10",
        "/api/bai-viet?category=3&offset=20&limit=10",
    ),
    "constants": (
        (
            "const API_URL = '/api/v1'; var categoryId = 12;\n"
            "axios.get(API_URL + '/articles?category=' + categoryId).then(r => {})"
        ),
        "/api/v1/articles?category=12",
        None,
    ),
    "base address of a client": (
        "axios.defaults.baseURL = '/api/v1'; axios.get('/articles', {params: {cat: 4}})",
        "/api/v1/articles?cat=4",
        None,
    ),
    "parameters of a function": (
        "function loadList(page, cat) { $.get('/ajax/list?cat=' + cat + '&page=' + page, show) } loadList(1, 9);",
        "/ajax/list?cat=9&page=1",
        "/ajax/list?cat=9&page=2",
    ),
    "jQuery post of an ASP.NET service": (
        (
            "$.ajax({type: 'POST', url: '/Services/News.asmx/GetList', contentType: 'application/json',\n"
            "data: JSON.stringify({catId: 5, pageIndex: 1, pageSize: 20}), dataType: 'json', success: function (r) {}})"
        ),
        "/Services/News.asmx/GetList {'catId': 5, 'pageIndex': 1, 'pageSize': 20}",
        "/Services/News.asmx/GetList {'catId': 5, 'pageIndex': 2, 'pageSize': 20}",
    ),
    "JSON written by hand": (
        """$.ajax({type: "POST", url: "/ws.asmx/GetNews", contentType: "application/json",
        data: "{'cat':'5','page':'1'}".replace(/'/g, '"')})""",
        "/ws.asmx/GetNews",
        None,
    ),
    "jQuery post of fields": (
        "$.post('/ajax/get_list.php', {cat: 5, page: 1}, function (html) { $('#list').html(html) })",
        "/ajax/get_list.php {'cat': '5', 'page': '1'}",
        "/ajax/get_list.php {'cat': '5', 'page': '2'}",
    ),
    "XMLHttpRequest": (
        "var x = new XMLHttpRequest(); x.open('GET', '/danh-sach.json', true); x.send();",
        "/danh-sach.json",
        None,
    ),
    "load into an element": ("$('#ds').load('/ajax/danh-sach.aspx?id=5 #list')", "/ajax/danh-sach.aspx?id=5", None),
    "DataTables on the server": (
        "$('#t').DataTable({processing: true, serverSide: true, ajax: '/api/lich/datatable', columns: []})",
        "/api/lich/datatable?draw=1&start=0&length=20",
        "/api/lich/datatable?draw=2&start=20&length=20",
    ),
    "DataTables at once": ("$('#t').DataTable({ajax: {url: '/api/lich', dataSrc: 'data'}})", "/api/lich", None),
    "old DataTables": (
        '$("#t").dataTable({"bServerSide": true, "sAjaxSource": "/lich/data"})',
        "/lich/data?sEcho=1&iDisplayStart=0&iDisplayLength=20",
        "/lich/data?sEcho=1&iDisplayStart=20&iDisplayLength=20",
    ),
    "jqGrid": (
        "jQuery('#g').jqGrid({url: '/lich/grid', datatype: 'json', colModel: [], rowNum: 20})",
        "/lich/grid?_search=false&rows=20&page=1&sidx=&sord=desc",
        "/lich/grid?_search=false&rows=20&page=2&sidx=&sord=desc",
    ),
    "Kendo": (
        "$('#g').kendoGrid({dataSource: {transport: {read: {url: '/api/lich/list', data: {cat: 5}}}}})",
        "/api/lich/list?cat=5&take=20&skip=0&page=1&pageSize=20",
        "/api/lich/list?cat=5&take=20&skip=20&page=2&pageSize=20",
    ),
    "DataTables whose function adds what tells the part": (
        "$('#t').DataTable({serverSide: true, ajax: {url: '/api/lich', data: function (d) { d.cat = 'lich-12'; }}})",
        "/api/lich?draw=1&start=0&length=20&cat=lich-12",
        "/api/lich?draw=2&start=20&length=20&cat=lich-12",
    ),
    "pagination.js": (
        "$('#p').pagination({dataSource: '/tin/lich', pageSize: 10, alias: {pageNumber: 'trang', pageSize: 'sl'}})",
        "/tin/lich?trang=1&sl=10",
        "/tin/lich?trang=2&sl=10",
    ),
    "Tabulator": (
        "new Tabulator('#b', {paginationMode: 'remote', ajaxURL: '/api/bai-viet', ajaxParams: {muc: 'lich-12'}})",
        "/api/bai-viet?muc=lich-12&page=1&size=20",
        "/api/bai-viet?muc=lich-12&page=2&size=20",
    ),
    "SharePoint": (
        """var _spPageContextInfo = {userId: 1, webAbsoluteUrl: "http:\\u002f\\u002fso.example.gov.vn"};
        $.ajax({url: _spPageContextInfo.webAbsoluteUrl + "/_api/web/lists/getbytitle('Lich')/items?$top=50",
        headers: {"Accept": "application/json;odata=verbose"}})""",
        "/_api/web/lists/getbytitle('Lich')/items?$top=50",
        None,
    ),
    "Angular": (
        (
            "app.controller('c', function ($scope, $http) { $scope.cat = 5; $scope.load = function (page) { "
            "$http.get('/api/tin?cat=' + $scope.cat + '&page=' + page) }; $scope.load(1) })"
        ),
        "/api/tin?cat=5&page=1",
        "/api/tin?cat=5&page=2",
    ),
    "a parameter of the address": (
        "const cat = new URLSearchParams(location.search).get('cat'); fetch('/api/list?cat=' + cat)",
        "/api/list?cat=7",
        None,
    ),
    "a bundle": (
        (
            'const i={apiUrl:"/api"};function l(e,t){return fetch("".concat(i.apiUrl,"/articles?category=")'
            '.concat(e,"&page=")'
            '.concat(t))}l("lich",1)'
        ),
        "/api/articles?category=lich&page=1",
        "/api/articles?category=lich&page=2",
    ),
    "a route": (
        (
            "export default {mounted(){this.load(1)},"
            "methods:{load(p){this.$http.get(`/api/posts?slug=${this.$route.params.slug}&page=${p}`)}}}"
        ),
        "/api/posts?slug=lich-12&page=1",
        "/api/posts?slug=lich-12&page=2",
    ),
    "an unknown search is left empty": (
        "$.get('/api/list', {keyword: $('#none').val(), cat: 5, page: 1})",
        "/api/list?keyword=&cat=5&page=1",
        "/api/list?keyword=&cat=5&page=2",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_request_of_a_script(name: str) -> None:
    script, expected, after = CASES[name]
    ask = first(f"<script>{script}</script>")
    if name == "JSON written by hand":
        assert ask is None, "what cannot be put together is not asked"
        return
    assert told(ask) == expected
    assert ask is not None
    following = ask.following(LATER)
    assert (told(following) if following else None) == after


ATTRIBUTES: dict[str, tuple[str, str, str]] = {
    "easyui": (
        """<table class="easyui-datagrid" data-options="url:'/tin/lay?muc=lich-12',method:'post',pagination:true">""",
        "/tin/lay?muc=lich-12 {'page': '1', 'rows': '20'}",
        "/tin/lay?muc=lich-12 {'page': '2', 'rows': '20'}",
    ),
    "bootstrap-table": (
        '<table data-toggle="table" data-url="/api/tin?muc=5" data-side-pagination="server">',
        "/api/tin?muc=5&limit=20&offset=0",
        "/api/tin?muc=5&limit=20&offset=20",
    ),
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_request_of_a_table_that_tells_it_in_attributes(name: str) -> None:
    tag, expected, after = ATTRIBUTES[name]
    ask = first(f"{tag}<thead><tr><th>Tiêu đề</th></tr></thead></table>")
    assert ask is not None
    following = ask.following(LATER)
    assert (told(ask), told(following) if following else None) == (expected, after)


def test_a_function_of_another_script_leaves_a_request_untold() -> None:
    page = page_of("<script>$('#t').DataTable({serverSide: true, ajax: {url: '/api/lich', data: fields}})</script>")
    found = find_endpoints(page, inline_scripts(page), HOSTS)
    assert not found.endpoints
    assert any("/api/lich" in each for each in found.dark)


FRAMEWORKS: dict[str, tuple[str, str]] = {
    "modules of webpack": (
        """(window.webpackJsonp=window.webpackJsonp||[]).push([["chunk-1"],{"02f4":function(t,e,n){"use strict";
        var r=n("bc3a"),a=n.n(r);var o="/api/v2";e["a"]={getList:function(t,e){return a.a.get(o+"/articles",
        {params:{category:t,page:e,size:10}})},vote:function(t){return a.a.post(o+"/vote",{id:t})}}},
        "4d3f":function(t,e,n){"use strict";n.r(e);var i=n("02f4"),s={data:function(){return{page:1,items:[]}},
        created:function(){this.load()},methods:{load:function(){var t=this;i["a"].getList(this.$route.params.slug,
        this.page).then((function(e){t.items=e.data.items}))}}};e["default"]=s}}]);""",
        "/api/v2/articles?category=lich-12&page=1&size=10",
    ),
    "classes of Angular": (
        """class ArticleService{constructor(t){this.http=t,this.baseUrl="/api/public"}
        getByCategory(t,e=1){return this.http.get(`${this.baseUrl}/posts/by-category/${t}?page=${e}`)}}
        class ListComponent{constructor(t,e){this.svc=t,this.route=e}ngOnInit(){this.route.params.subscribe(t=>{
        this.slug=t.slug,this.svc.getByCategory(this.slug,1).subscribe(t=>this.items=t)})}}""",
        "/api/public/posts/by-category/lich-12?page=1",
    ),
    "services of AngularJS": (
        """angular.module("app",[]).constant("API","/api").factory("tin",["$http","API",function(h,a){
        return{list:function(c,p){return h.get(a+"/tin",{params:{cat:c,page:p}})}}}]).controller("ListCtrl",
        ["$scope","tin",function(s,t){s.cat=12;s.page=1;t.list(s.cat,s.page).then(function(r){s.items=r.data})}]);""",
        "/api/tin?cat=12&page=1",
    ),
    "hooks of React": (
        """const{useState:u,useEffect:f}=React;function App(){const[p,s]=u(1),[d,c]=u([]);return f(()=>{
        fetch(`/api/posts?cat=8&page=${p}`).then(e=>e.json()).then(c)},[p]),React.createElement("ul",null,
        d.map(e=>React.createElement("li",{key:e.id},e.title)))}""",
        "/api/posts?cat=8&page=1",
    ),
    "a plugin of jQuery": (
        """var AppConfig={apiEndpoint:"/api/v1/",siteId:3};(function($){$.fn.newsList=function(o){
        var s=$.extend({page:1,size:10},o);return this.each(function(){var $t=$(this);$.getJSON(AppConfig.apiEndpoint+
        "news",{site:AppConfig.siteId,cat:$t.data("cat"),page:s.page,size:s.size},function(r){})})};
        $(function(){$(".ds").newsList()})})(jQuery);""",
        "/api/v1/news?site=3&cat=9&page=1&size=10",
    ),
    "a module with parameters taken apart": (
        """import { h } from './h.js'; const BASE = window.APP_BASE ?? ''; export class Api {
        static async list({ cat, page = 1, size = 20 } = {}) { const q = new URLSearchParams({ cat, page, size });
        const r = await fetch(`${BASE}/api/tin?${q}`); return r.json(); } }
        Api.list({ cat: document.querySelector('.ds').dataset.cat }).then(({ items }) => show(items));""",
        "/api/tin?cat=9&page=1&size=20",
    ),
    "a search left empty, as JSON": (
        """$(document).ready(function () { var size = 15, cat = $("#muc").val(); LoadData(1); function LoadData(page) {
        $.ajax({ url: "/Article/GetListArticle", type: "POST", contentType: "application/json",
        data: JSON.stringify({ categoryId: cat, pageIndex: page, pageSize: size, keyword: $("#tim").val() }),
        success: function (r) { for (var i = 0; i < r.length; i++) { add(r[i]) } Paging(r.Total); } }) } });""",
        "/Article/GetListArticle {'categoryId': '77', 'pageIndex': 1, 'pageSize': 15, 'keyword': ''}",
    ),
    "an old request behind a helper": (
        """!function(){function req(u,cb){var x=new XMLHttpRequest();x.open("GET",u+"&t="+new Date().getTime(),true);
        x.send(null)}req("/ajax/news.ashx?cmd=list&cid=15&p=1",function(t){})}();""",
        "/ajax/news.ashx?cmd=list&cid=15&p=1&t=1",
    ),
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_request_of_a_framework(name: str) -> None:
    script, expected = FRAMEWORKS[name]
    markup = "<input type=hidden id=muc value=77><div class=ds data-cat=9></div>"
    assert told(first(f"{markup}<script>{script}</script>")) == expected


def test_helper_that_nobody_calls_and_a_vote_are_not_told_as_dark() -> None:
    page = page_of("<script>function tai(u) { $.get(u) } function bau(n) { $.post('/binh-chon?n=' + n) }</script>")
    assert find_endpoints(page, inline_scripts(page), HOSTS).dark == ()


@pytest.mark.parametrize(
    ("markup", "script", "expected"),
    [
        ("<div data-url='/ajax/list?muc=5'></div>", "", "/ajax/list?muc=5"),
        ("<table data-toggle=table data-url='/api/lich.json'></table>", "", "/api/lich.json"),
        ("<div hx-get='/phan/danh-sach' hx-trigger=load></div>", "", "/phan/danh-sach"),
        ("<input type=hidden id=cat value=33>", "$.get('/api/list?cat=' + $('#cat').val())", "/api/list?cat=33"),
        (
            "<div id=ds data-category=44></div>",
            "fetch('/api/list?c=' + document.getElementById('ds').dataset.category)",
            "/api/list?c=44",
        ),
        (
            "<div class=ds data-cat=55></div>",
            "$('.ds').each(function(){$.get('/api/list/'+$(this).data('cat'))})",
            "/api/list/55",
        ),
        ('<body onload="load(6)">', "function load(muc) { $('#x').load('/list.aspx?muc=' + muc) }", "/list.aspx?muc=6"),
    ],
)
def test_request_with_what_elements_say(markup: str, script: str, expected: str) -> None:
    assert told(first(f"{markup}<script>{script}</script>")) == expected


@pytest.mark.parametrize(
    "script",
    [
        "$.post('/counter.php', {id: 5})",
        "$.get('/thong-ke-truy-cap')",
        "fetch('https://elsewhere.example/api/list')",
        "$.post('/binh-chon', {option: 1})",
        "$.post('/comment/add', {text: t})",
        "fetch('/api/articles/5', {method: 'DELETE'})",
        "axios.put('/api/articles/5', {})",
        "$.post('/api/article/save', {id: 5})",
        "$.getScript('/js/slider.js'); $('#x').load('/css/a.css')",
        "params.get('id'); map.get('key'); cache.get(user)",
        "window.open('https://facebook.com/sharer', 'x'); window.open('/in-trang')",
        "grecaptcha.ready(function () {})",
        "$.ajax({url: '/api/list', data: {cat: unknownCategory}})",
    ],
)
def test_nothing_is_asked(script: str) -> None:
    assert told(first(f"<script>{script}</script>")) is None


def test_call_that_cannot_be_put_together_is_told() -> None:
    page = page_of("<script>fetch(apiHost + '/list?cat=' + secretCategory)</script>")
    found = find_endpoints(page, inline_scripts(page), HOSTS)
    assert found.endpoints == ()
    assert "secretCategory" in found.dark[0]


def test_external_script_is_read_with_what_the_page_says() -> None:
    page = "<script>var CONFIG = {muc: 81};</script><div id=ds></div>"
    ask = first(page, "function tai(trang) { $.getJSON('/api/ds', {muc: CONFIG.muc, trang: trang}, ve) } tai(1);")
    assert told(ask) == "/api/ds?muc=81&trang=1"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="fetch('/api?x='+a)${}[]();,\"`\\.=>:? \n", max_size=300))
def test_any_script_is_read_without_an_error(script: str) -> None:
    page = page_of("")
    find_endpoints(page, (script, "fetch(" + script, "$.ajax({url:" + script), HOSTS)


@pytest.mark.parametrize(
    "script",
    [
        "fetch(" * 30_000,
        "a=" * 100_000 + "fetch(a)",
        "function f(a){" * 20_000,
        "fetch(`${" * 20_000,
        "'" * 300_000,
        "{url:" * 30_000,
        "var a = b; var b = a; fetch(a + '/list')",
        "fetch(" + "a+" * 50_000 + "'/list')",
        "x.open('GET'," * 20_000,
        "var a = [1];" + "a = [a, a];" * 40 + "$.post('/list', JSON.stringify(a)); $.post('/list', {a: a})",
        "var a = {}; a.a = a; $.get('/list', a); $.post('/list', JSON.stringify(a))",
        "var o = {m() { return o.m() }}; o.m();" * 3_000,
    ],
)
def test_hostile_script_is_read_in_bounds(script: str) -> None:
    page = page_of("")
    assert len(find_endpoints(page, (script,), HOSTS).endpoints) <= 40
