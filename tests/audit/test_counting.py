from dataclasses import replace
from datetime import date

import pytest
from audit_world import AFTER, LAST, Audit, at, numbers, post, visit
from hypothesis import given
from hypothesis import strategies as st

from auditor.audit.counting import recognise
from auditor.categories import Category
from auditor.errors import InputError
from auditor.observation import Attachment
from auditor.store.queries import StoredItem
from auditor.window import Window

WINDOW = Window(date(2019, 10, 19), LAST)
ITEM = StoredItem(
    unit="so-noi-vu",
    url="http://snv.daknong.gov.vn/tin/1",
    title="Thông báo kết luận tiếp công dân",
    title_key="thong bao ket luan tiep cong dan",
    published="2019-11-05T08:00:00+07:00",
    published_day=date(2019, 11, 5),
    modified=None,
    published_from="article: 05/11/2019 08:00",
    standing=False,
    commune=None,
    category=Category.RECEPTION,
    confidence=0.9,
    why=("title: thông báo kết luận",),
    first_seen=at("2019-11-06 02:00"),
    last_seen=at("2019-11-19 02:00"),
    also_at=(),
    attachments=(),
)


def twin(**facts: object) -> StoredItem:
    changed = replace(ITEM, url="http://snv.daknong.gov.vn/tin/2", **facts)  # type: ignore[arg-type]
    day = date.fromisoformat(changed.published[:10]) if changed.published else None
    return replace(changed, published_day=day)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(twin(), id="at the same minute"),
        pytest.param(twin(published="2019-11-05T09:00:00+07:00"), id="an hour later"),
        pytest.param(twin(published="2019-11-05T07:00:00+07:00"), id="an hour earlier"),
        pytest.param(twin(published="2019-11-05"), id="the same day, no time shown"),
        pytest.param(twin(title="THÔNG BÁO Kết luận tiếp công dân"), id="printed otherwise"),
        pytest.param(twin(category=Category.REPORTS), id="taken for another category"),
    ],
)
def test_entered_twice_it_counts_once(other: StoredItem) -> None:
    first, second = recognise([ITEM, other])
    counted = [post for post in (first, second) if post.counts_in(WINDOW)]
    assert [post.item for post in counted] == [ITEM]
    assert counted[0].also_at == (other.url,)
    [dropped] = [post.record() for post in (first, second) if post.item == other]
    assert (dropped.counted, dropped.reason) == (False, f"same post as {ITEM.url}")
    assert dropped.reason_label == f"trùng với tin {ITEM.url}"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(twin(published="2019-11-05T09:00:01+07:00"), id="more than an hour later"),
        pytest.param(twin(published="2019-11-06"), id="another day"),
        pytest.param(twin(title_key="thong bao ket luan tiep cong dan thang 11"), id="another title"),
        pytest.param(twin(commune="Đức Mạnh"), id="a commune's"),
        pytest.param(twin(published=None), id="undated"),
        pytest.param(twin(category=None), id="not counted anyway"),
    ],
)
def test_what_differs_is_another_post(other: StoredItem) -> None:
    assert [post.same_as for post in recognise([ITEM, other])] == [None, None]


def test_posts_without_a_title_are_never_taken_for_one() -> None:
    assert all(post.same_as is None for post in recognise([replace(ITEM, title_key=""), twin(title_key="")]))


def test_of_two_the_one_seen_first_stands_then_the_smaller_address() -> None:
    later = replace(ITEM, url="http://a", first_seen=at("2019-11-07 02:00"))
    smaller = replace(ITEM, url="http://b")
    posts = recognise([later, ITEM, smaller])
    same_as = {post.item.url: post.same_as for post in posts}
    assert same_as == {"http://a": "http://b", "http://b": None, ITEM.url: "http://b"}
    assert posts[1].also_at == ("http://a", ITEM.url)


def test_one_entered_on_both_sides_of_the_border_counts_in_one_month(audit: Audit) -> None:
    audit.saw(
        visit("2019-11-19 02:00", post(1, "2019-11-18T23:50:00+07:00", own_title=False)),
        visit("2019-11-20 02:00", post(2, "2019-11-19T00:10:00+07:00", own_title=False)),
    )
    assert numbers(audit.items()) == [1]
    assert audit.items(month=audit.figures().month.following()) == ()


@pytest.mark.parametrize(
    ("facts", "reason", "label"),
    [
        ({"category": None}, "not one of the five: title: thông báo kết luận", "không thuộc năm mục tin"),
        ({"category": None, "why": ()}, "not one of the five: nothing in it speaks for any", "không thuộc năm mục tin"),
        ({"published": None}, "no publication date on the page or in the listing", "không ghi ngày đăng"),
        (
            {"published": None, "standing": True},
            "standing page without a date",
            "trang nội dung cố định, không ghi ngày đăng",
        ),
        ({"standing": True}, None, None),
    ],
)
def test_what_does_not_count_says_why(facts: dict[str, object], reason: str | None, label: str | None) -> None:
    [post] = recognise([twin(**facts)])
    record = post.record()
    assert (record.counted, record.reason, record.reason_label) == (reason is None, reason, label)
    assert post.counts_in(WINDOW) is record.counted


POSTS = st.lists(
    st.builds(
        lambda number, published, category, title, seen: replace(
            twin(published=published, category=category, title_key=title, first_seen=at(f"2019-11-{seen:02d} 02:00")),
            url=f"http://snv/{number}",
        ),
        st.integers(1, 20),
        st.sampled_from([None, "2019-11-05", "2019-11-05T08:00:00+07:00", "2019-11-05T08:50:00+07:00", "2019-11-06"]),
        st.sampled_from([None, Category.SCHEDULE]),
        st.sampled_from(["lich", "bao cao"]),
        st.integers(6, 8),
    ),
    unique_by=lambda item: item.url,
)


@given(items=POSTS, shuffled=st.randoms(use_true_random=False))
def test_recognising_loses_nothing_and_does_not_depend_on_the_order(items: list[StoredItem], shuffled: object) -> None:
    posts = recognise(items)
    assert {post.item.url for post in posts} == {item.url for item in items}
    mixed = list(items)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    assert recognise(mixed) == posts
    standing = {post.item.url for post in posts if post.same_as is None}
    assert all(post.same_as in standing for post in posts if post.same_as)
    listed = [url for post in posts if post.same_as is None for url in (post.item.url, *post.also_at)]
    assert sorted(listed) == sorted({item.url for item in items})


@pytest.mark.parametrize(
    ("published", "counted"),
    [
        ("2019-10-18T23:59:59+07:00", False),
        ("2019-10-19T00:00:00+07:00", True),
        ("2019-10-19", True),
        ("2019-11-18T23:50:00+07:00", True),
        ("2019-11-18T16:50:00+00:00", True),
        ("2019-11-19T00:10:00+07:00", False),
        ("2019-11-18T17:10:00+00:00", False),
        ("2019-11-18", True),
        ("2019-11-19", False),
    ],
)
def test_the_window_s_borders_are_midnights_of_the_province(audit: Audit, published: str, *, counted: bool) -> None:
    audit.saw(visit("2019-11-19 02:00", post(1, published)))
    assert numbers(audit.items()) == ([1] if counted else [])
    assert audit.unit().tally.count == counted


class TestMonthItems:
    def fill(self, audit: Audit) -> None:
        attachments = (Attachment("http://snv.daknong.gov.vn/lich.pdf", "pdf", text=True),)
        audit.saw(
            visit(
                "2019-11-19 02:00",
                post(5, "2019-11-07"),
                post(3, "2019-11-05", attachments=attachments, also_at=("http://snv.daknong.gov.vn/en/3",)),
                post(4, "2019-11-05T08:00:00+07:00"),
                post(2, "2019-10-18"),
                post(6, None),
                post(7, None, "Nội quy tiếp công dân", standing=True),
                post(8, "2019-11-06", "Hội nghị tập huấn"),
            ),
            visit("2019-11-19 03:00", post(1, "2019-11-05T07:00:00+07:00"), unit="dak-mil"),
        )

    def test_by_date_then_address(self, audit: Audit) -> None:
        self.fill(audit)
        assert numbers(audit.items()) == [3, 1, 4, 5]
        assert numbers(audit.items(unit="so-noi-vu")) == [3, 4, 5]

    def test_everything_adds_what_does_not_count(self, audit: Audit) -> None:
        self.fill(audit)
        items = audit.items(everything=True)
        assert numbers(items) == [3, 1, 4, 8, 5, 6, 7]
        assert numbers(item for item in items if item.reason) == [8, 6, 7]

    def test_an_item_carries_what_is_known_of_it(self, audit: Audit) -> None:
        self.fill(audit)
        item = audit.items()[0]
        assert item.published == "2019-11-05"
        assert item.first_seen == "2019-11-18T19:00:00+00:00"
        assert item.also_at == ("http://snv.daknong.gov.vn/en/3",)
        assert item.attachments[0].kind == "pdf"
        assert item.why == ("title: lịch tiếp",)

    def test_undated_items_that_were_there_before_or_came_after_do_not_concern_the_month(self, audit: Audit) -> None:
        audit.saw(
            visit("2019-10-18 02:00", post(1, None)),
            visit("2019-11-19 02:00", post(1, None), post(2, None)),
            visit("2019-11-20 02:00", post(3, None)),
        )
        assert numbers(audit.items(everything=True)) == [2]

    def test_an_unknown_unit_is_bad_input(self, audit: Audit) -> None:
        with pytest.raises(InputError, match="so-la"):
            audit.items(unit="so-la")

    def test_the_same_database_gives_the_same_items(self, audit: Audit) -> None:
        self.fill(audit)
        assert audit.items(everything=True, today=AFTER) == audit.items(everything=True, today=AFTER)
