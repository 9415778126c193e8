from datetime import date

import pytest

from auditor.messages.digest import Audience, Digest, Matter
from auditor.messages.wording import subject

NIGHT = date(2019, 11, 19)
DOWN = Matter(Audience.OPERATOR, "unit a", "a cannot be read")


@pytest.mark.parametrize(
    ("news", "ended", "operator", "clerk"),
    [
        ((DOWN,), (), "1 to look at", "1 việc cần biết"),
        ((DOWN,), ("b is read again",), "1 to look at, 1 over", "1 việc cần biết, 1 việc đã xong"),
        ((), ("b is read again",) * 2, "2 over", "2 việc đã xong"),
        ((), (), "0 to look at", "0 việc cần biết"),
    ],
)
def test_the_subject_counts_what_is_new_and_what_is_over(
    news: tuple[Matter, ...], ended: tuple[str, ...], operator: str, clerk: str
) -> None:
    said = subject(Digest(Audience.OPERATOR, NIGHT, news, ended), "tỉnh Thử")
    assert said == f"Portal auditor, tỉnh Thử: {operator}, 2019-11-19"
    said = subject(Digest(Audience.CLERK, NIGHT, news, ended), "tỉnh Thử")
    assert said == f"Tiếp công dân, tỉnh Thử: {clerk}, ngày 19/11/2019"
