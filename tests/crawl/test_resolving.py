import pytest
from twisted.internet import reactor
from twisted.internet.error import DNSLookupError

from auditor.crawl.resolving import GuardedResolver, is_public, named_hosts, pinned
from auditor.crawl.settings import settings_for
from auditor.portals import Jurisdiction, Level, Unit
from tests.store.store_world import JURISDICTION

INTERNAL = (
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - judged, not bound
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:0001::", "64:ff9b:1::1", "2001:db8::1", "", "no address", "1.2.3",
)  # fmt: skip


@pytest.mark.parametrize("address", INTERNAL)
def test_internal_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["203.162.0.181", "8.8.8.8", "2001:dc8::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


def unit(url: str, *hosts: str) -> Unit:
    return Unit("a", "a", Level.DEPARTMENT, url, hosts=hosts)


def resolver(*units: Unit) -> GuardedResolver:
    return GuardedResolver(reactor, 0, 1.0, named_hosts(units))  # type: ignore[arg-type]  # a module to mypy


def test_a_name_that_changes_its_address_is_judged_each_time() -> None:
    guard = resolver(unit("http://snv.example.vn/"))
    assert guard.judged("203.162.0.181", "www.snv.example.vn") == "203.162.0.181"
    with pytest.raises(DNSLookupError, match=r"www\.snv\.example\.vn leads to the internal address 127\.0\.0\.1"):
        guard.judged("127.0.0.1", "www.snv.example.vn")


@pytest.mark.parametrize("name", ["snv.example.vn", "SNV.example.vn.", "w3.example.vn", "xn--s-ni-v-gxa4cvj.vn"])
def test_a_name_of_portals_yaml_may_have_any_address(name: str) -> None:
    guard = resolver(unit("http://snv.example.vn:8080/", "w3.example.vn:81", "xn--s-ni-v-gxa4cvj.vn"))
    assert guard.judged("10.0.0.8", name) == "10.0.0.8"


def test_the_machines_own_proxy_may_stand_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.office.lan:3128")
    assert resolver(unit("http://snv.example.vn/")).judged("10.0.0.1", "proxy.office.lan") == "10.0.0.1"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "www.127.0.0.1"])
def test_the_browser_is_tied_to_no_internal_address(name: str) -> None:
    assert pinned(name) is None


@pytest.mark.parametrize("render", [False, True])
def test_only_the_web_is_asked_with_the_browser_and_without(render: bool) -> None:  # noqa: FBT001 - a parameter
    stranger = Unit("a", "a", Level.DEPARTMENT, "http://127.0.0.1:81/", render=render)
    assert isinstance(JURISDICTION, Jurisdiction)
    settings = settings_for(stranger, JURISDICTION)
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert {scheme for scheme, handler in handlers.items() if handler is None} == {"data", "file", "ftp", "s3"}
    assert {"auditor.crawl.middlewares.OwnHostsMiddleware", "auditor.crawl.middlewares.RobotsMiddleware"} <= set(
        settings["DOWNLOADER_MIDDLEWARES"]
    )
    if render:
        [rules] = [each for each in settings["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"] if "resolver-rules" in each]
        assert rules == "--host-resolver-rules=EXCLUDE 127.0.0.1, MAP * ~NOTFOUND"
