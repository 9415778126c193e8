"""Certificates that browsers warn of: each fault by its own name, none hidden, and read only where that is wanted."""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from scrapy.exceptions import DownloadFailedError

from auditor.crawl.evidence import faults
from auditor.observation import Observation
from auditor.outcomes import Cause, Outcome
from spiders.tls import tls_cause
from tests.spiders.lab import Portal, Site, crawl

LONG_AGO, YESTERDAY, TOMORROW = (datetime.now(UTC) + timedelta(days=days) for days in (-900, -1, 1))
READ_ANYWAY = {"crawl": "{delay: 0, timeout: 4, verify_tls: false, reason: thử}"}


class SecureSite(Site):
    """A portal behind TLS; the handshake is made in the connection's own thread."""

    def __init__(self, portal: Portal, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(portal)

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        return self._context.wrap_socket(line, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that does not like the certificate hangs up: that is no error of the server's."""

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_address[1]}/"


def context_of(certificate: trustme.LeafCert, *, chain: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if chain:
        certificate.configure_cert(context)
    else:
        with certificate.private_key_and_cert_chain_pem.tempfile() as file:
            text = Path(file).read_text("ascii")
        end = "-----END CERTIFICATE-----\n"
        alone = text[: text.index(end) + len(end)]
        with trustme.Blob(alone.encode()).tempfile() as file:
            context.load_cert_chain(file)
    return context


def outdated(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """A server of long ago: TLS 1.1 at most."""
    context = context_of(certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # Python itself warns of such servers
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def contexts_of(known: trustme.CA) -> Mapping[str, ssl.SSLContext | None]:
    """The servers by name; one of them speaks plain http."""
    between = known.create_child_ca()
    return {
        "expired": context_of(known.issue_cert("localhost", not_before=LONG_AGO, not_after=YESTERDAY)),
        "not-yet": context_of(known.issue_cert("localhost", not_before=TOMORROW)),
        "stranger": context_of(trustme.CA().issue_cert("localhost")),
        "no-chain": context_of(between.issue_cert("localhost"), chain=False),
        "other-name": context_of(known.issue_cert("khac.example.vn")),
        "outdated": outdated(known.issue_cert("localhost")),
        "plain": None,
        "good": context_of(known.issue_cert("localhost")),
    }


@contextmanager
def served(known: trustme.CA) -> Iterator[dict[str, str]]:
    """Their addresses."""
    with ExitStack() as ending:
        urls = {}
        for name, context in contexts_of(known).items():
            site = SecureSite(Portal(posts=5), context) if context else Site(Portal(posts=5))
            ending.callback(site.server_close)
            ending.callback(site.shutdown)
            urls[name] = site.url if context else f"https://localhost:{site.server_address[1]}/"
        yield urls


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Observation]]]:
    """Each server visited twice: as is usual, and without looking at certificates."""
    folder = tmp_path_factory.mktemp("tls")
    known = trustme.CA()
    known.cert_pem.write_to_path(folder / "authority.pem")
    with pytest.MonkeyPatch.context() as patch, served(known) as urls:
        patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        patch.setenv("no_proxy", "localhost")
        found = {}
        for name, options in (("usual", {}), ("anyway", READ_ANYWAY)):
            (folder / name).mkdir()
            found[name] = crawl(folder / name, urls, **{key: options for key in urls if options and key != "good"})
        yield found


NAMES = {
    "expired": Cause.TLS_EXPIRED,
    "not-yet": Cause.TLS_EXPIRED,
    "stranger": Cause.TLS_UNTRUSTED,
    "no-chain": Cause.TLS_UNTRUSTED,
    "other-name": Cause.TLS_NAME,
    "outdated": Cause.TLS_OLD,
    "plain": Cause.TLS,
}


@pytest.mark.parametrize(("name", "cause"), NAMES.items())
def test_a_fault_of_tls_has_its_own_name(seen: dict[str, dict[str, Observation]], name: str, cause: Cause) -> None:
    visit = seen["usual"][name]
    assert (visit.outcome, visit.cause) == (Outcome.UNREACHABLE, cause), visit.detail


def test_a_good_certificate_is_no_matter(seen: dict[str, dict[str, Observation]]) -> None:
    for visits in seen.values():
        assert (visits["good"].outcome, visits["good"].certificate) == (Outcome.COMPLETE, None)


@pytest.mark.parametrize("name", ["expired", "not-yet", "stranger", "no-chain", "other-name"])
def test_where_it_is_wanted_the_portal_is_read_and_the_fault_noted(
    seen: dict[str, dict[str, Observation]], name: str
) -> None:
    visit = seen["anyway"][name]
    assert (visit.outcome, visit.certificate) == (Outcome.COMPLETE, NAMES[name]), visit.detail
    assert len(visit.items) == len(seen["usual"]["good"].items)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("certificate verify failed: certificate has expired (_ssl.c:1006)", Cause.TLS_EXPIRED),
        ("certificate verify failed: certificate is not yet valid", Cause.TLS_EXPIRED),
        ("certificate verify failed: self-signed certificate in certificate chain", Cause.TLS_UNTRUSTED),
        ("certificate verify failed: unable to get local issuer certificate", Cause.TLS_UNTRUSTED),
        ("certificate verify failed: Hostname mismatch, certificate is not valid for 'a.vn'", Cause.TLS_NAME),
        ("certificate verify failed: IP address mismatch, certificate is not valid for '10.0.0.1'", Cause.TLS_NAME),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version", Cause.TLS_OLD),
        ("[SSL: DH_KEY_TOO_SMALL] dh key too small", Cause.TLS_OLD),
        ("[SSL: UNSAFE_LEGACY_RENEGOTIATION_DISABLED] unsafe legacy renegotiation disabled", Cause.TLS_OLD),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", Cause.TLS),
    ],
)
def test_a_fault_kept_as_evidence_is_read_again_as_the_same(said: str, cause: Cause) -> None:
    error = DownloadFailedError("the handshake failed")
    error.__cause__ = ssl.SSLError(1, said)
    assert (tls_cause(error), tls_cause(faults.again(faults.told(error)))) == (cause, cause)
    assert tls_cause(DownloadFailedError("connection lost")) is None
