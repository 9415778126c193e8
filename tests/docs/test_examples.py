import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from auditor.demo.province import FIRST_PORT, serve
from auditor.portals import load
from tests.demonstration import Demonstration
from tests.docs.examples import DOCS, Terminal, clear_environment, examples

_ONE_UNIT = """\
jurisdiction: {{name: tỉnh Thử, office: Văn phòng UBND tỉnh Thử}}
period: {{cutoff_day: 18}}
units:
  # one unit of the demo's
  - key: so-noi-vu
    name: Sở Nội vụ
    level: {level}
    url: {url}
    {more}
    crawl: {{delay: 0}}
"""


@contextmanager
def of_the_demo(demonstration: Demonstration) -> Iterator[Terminal]:
    """A folder in which the demo has run; its portals are gone."""
    shutil.copytree(demonstration.untouched, "data/demo")
    *progress, farewell = demonstration.stderr.splitlines(keepends=True)
    said = "".join([*progress, demonstration.stdout, farewell]).replace(demonstration.data, "data")
    urls = [unit.url for unit in load(demonstration.untouched / "portals.yaml").units]
    yield Terminal({"auditor demo": lambda: said}, _addresses(urls))


@contextmanager
def of_one_portal(_: Demonstration) -> Iterator[Terminal]:
    """A folder with a right and a wrong portals.yaml, while the demo's portals answer."""
    with serve() as province:
        url = province.urls["so-noi-vu"]
        _write("portals.yaml", level="department", url=url, more="short_name: Nội vụ")
        _write("wrong.yaml", level="departmnt", url=url, more="section: http://khac.example.gov.vn/tiep-cong-dan")
        yield Terminal({}, _addresses(province.urls.values()))


def _write(name: str, **fields: str) -> None:
    Path(name).write_text(_ONE_UNIT.format(**fields), "utf-8")


def _addresses(urls: Iterable[str]) -> dict[str, str]:
    """The pages name the usual ports; another demo on this machine may have them."""
    usual = {f"http://127.0.0.1:{FIRST_PORT + place}/": url for place, url in enumerate(urls)}
    return {page: here for page, here in usual.items() if page != here}


PLACES: dict[str, Callable[[Demonstration], AbstractContextManager[Terminal]]] = {"units.md": of_one_portal}
PAGES = sorted(page.name for page in DOCS.glob("*.md") if list(examples(page)))


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_a_page_show_what_it_says(
    name: str, demonstration: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clear_environment(monkeypatch)
    with PLACES.get(name, of_the_demo)(demonstration) as terminal:
        wrong = [said for example in examples(DOCS / name) if (said := terminal.run(example))]
    assert not wrong, "\n\n".join(wrong)
