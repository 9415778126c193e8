"""Messages through a real mail server, with TLS, and a real web hook."""

import json
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from auditor.messages.digest import Audience
from auditor.messages.sending import Channel, FileChannel, Message, NetChannel, UndeliveredError, channels
from auditor.service import ServiceOptions

MESSAGE = Message("Tiếp công dân: 2 việc cần biết", "- Sở Nội vụ: chưa có lịch\n", "2019-11-19-clerk")
PASSWORD = "p@ss/w0rd:"  # noqa: S105 - of a server that lives as long as its test
TO = ServiceOptions(clerk=("lan@example.gov.vn", "minh@example.gov.vn"), sender="kiemtra@example.gov.vn")
QUOTED = "p%40ss%2Fw0rd%3A"


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[Envelope] = []

    async def handle_DATA(  # noqa: N802 - named so by the server
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.letters.append(envelope)
        return "250 OK"


class MailServer(Controller):
    """Knows one user; asks for TLS first where `tls` is "starttls", from the first byte where it is "smtps"."""

    def __init__(self, certificate: ssl.SSLContext | None, tls: str) -> None:
        self.box = Mailbox()
        options = {"authenticator": self._login, "auth_require_tls": tls == "starttls"}
        if tls == "starttls":
            options |= {"tls_context": certificate, "require_starttls": True}
        super().__init__(
            self.box, hostname="127.0.0.1", port=0, ssl_context=certificate if tls == "smtps" else None, **options
        )

    def _trigger_server(self) -> None:
        """The port that was free; the base class would call on number 0."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    @staticmethod
    def _login(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(
            handled=False, success=(data.login.decode(), data.password.decode()) == ("lan@example.gov.vn", PASSWORD)
        )


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate of "localhost" whose authority this process trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def servers() -> Iterator[list[MailServer]]:
    running: list[MailServer] = []
    yield running
    for server in running:
        server.stop()


def mail(scheme: str, port: int, password: str = QUOTED) -> Channel:
    login = f"lan%40example.gov.vn:{password}@" if scheme != "smtp+plain" else ""
    secret = {"AUDITOR_SMTP": f"{scheme}://{login}localhost:{port}"}
    return next(each for each in channels(Audience.CLERK, TO, secret, Path()) if each.name == "clerk mail")


@pytest.mark.parametrize("scheme", ["smtps", "smtp", "smtp+plain"])
def test_mail_reaches_everybody_named_in_their_language(
    scheme: str, certificate: ssl.SSLContext, servers: list[MailServer]
) -> None:
    tls = {"smtps": "smtps", "smtp": "starttls", "smtp+plain": ""}[scheme]
    server = MailServer(certificate, tls)
    servers.append(server)
    server.start()
    mail(scheme, server.port).send(MESSAGE)
    assert {to for letter in server.box.letters for to in letter.rcpt_tos} == set(TO.clerk)
    letter = message_from_bytes(server.box.letters[0].content, policy=policy.default)
    assert letter["subject"] == MESSAGE.subject
    assert "kiemtra@example.gov.vn" in letter["from"]
    assert letter["auto-submitted"] == "auto-generated", "no absent reader's server answers"
    assert letter.get_content_type() == "text/plain"
    assert MESSAGE.body.strip() in letter.get_body(("plain",)).get_content()


def test_a_wrong_password_is_told_and_not_repeated(certificate: ssl.SSLContext, servers: list[MailServer]) -> None:
    server = MailServer(certificate, "smtps")
    servers.append(server)
    server.start()
    channel = mail("smtps", server.port, "s3cret-w0rd")
    with pytest.raises(UndeliveredError) as told:
        channel.send(MESSAGE)
    assert "clerk mail" in str(told.value)
    assert "s3cret" not in str(told.value)
    assert "s3cret" not in repr(channel)
    assert server.box.letters == []


def test_a_server_with_a_strange_certificate_gets_nothing(
    certificate: ssl.SSLContext, servers: list[MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(certificate, "smtps")
    servers.append(server)
    server.start()
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(UndeliveredError, match="clerk mail"):
        mail("smtps", server.port).send(MESSAGE)
    assert server.box.letters == []


def test_mail_is_not_sent_in_the_clear_because_a_server_knows_no_tls(servers: list[MailServer]) -> None:
    server = MailServer(None, "")
    servers.append(server)
    server.start()
    with pytest.raises(UndeliveredError, match="STARTTLS"):
        mail("smtp", server.port).send(MESSAGE)
    assert server.box.letters == []


def test_a_server_that_is_not_there_is_told_in_the_same_words_every_night() -> None:
    with socket() as door:
        door.bind(("127.0.0.1", 0))
        channel = mail("smtps", door.getsockname()[1])
        told = [refusal(channel) for _ in range(2)]
    assert "refused" in told[0]
    assert told[0] == told[1]


def refusal(channel: Channel) -> str:
    with pytest.raises(UndeliveredError) as told:
        channel.send(MESSAGE)
    return str(told.value)


class Hook(BaseHTTPRequestHandler):
    got: list[tuple[str, bytes]]
    status = 200

    def do_POST(self) -> None:
        self.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
        pass


@pytest.mark.parametrize("status", [200, 500])
def test_a_web_hook_gets_json_and_its_refusal_is_told_without_its_token(status: int) -> None:
    handler = type("Handler", (Hook,), {"got": [], "status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    secret = {"AUDITOR_WEBHOOK_OPERATOR": f"http://127.0.0.1:{server.server_address[1]}/t0ken"}
    try:
        (channel,) = (each for each in channels(Audience.OPERATOR, TO, secret, Path()) if "webhook" in each.name)
        if status == 200:
            channel.send(MESSAGE)
        else:
            with pytest.raises(UndeliveredError) as told:
                channel.send(MESSAGE)
            assert "t0ken" not in str(told.value)
    finally:
        server.shutdown()
        server.server_close()
    path, sent = handler.got[0]
    assert path.startswith("/t0ken")
    assert json.loads(sent)["title"] == MESSAGE.subject
    assert "t0ken" not in repr(channel)


def test_two_messages_of_a_day_stand_in_one_file(tmp_path: Path) -> None:
    channel = FileChannel("clerk file", tmp_path)
    channel.send(MESSAGE)
    channel.send(Message("thứ hai", "- xong\n", MESSAGE.stem))
    text = (tmp_path / "2019-11-19-clerk.txt").read_text("utf-8")
    assert text.index(MESSAGE.subject) < text.index("thứ hai")


@pytest.mark.parametrize("server", ["", "http://mailer", "smtps://:s3cret", "smtps://mailer:port", "mailer"])
def test_a_wrong_mail_server_is_told_without_what_it_is_and_the_other_channels_work(
    server: str, tmp_path: Path
) -> None:
    secret = {"AUDITOR_WEBHOOK_CLERK": "https://h/x"} | ({"AUDITOR_SMTP": server} if server else {})
    file, wrong, hook = channels(Audience.CLERK, TO, secret, tmp_path)
    assert isinstance(hook, NetChannel)
    file.send(MESSAGE)
    with pytest.raises(UndeliveredError, match="AUDITOR_SMTP") as told:
        wrong.send(MESSAGE)
    assert not server or server not in str(told.value)


def test_without_recipients_there_is_a_file(tmp_path: Path) -> None:
    assert [each.name for each in channels(Audience.CLERK, ServiceOptions(), {}, tmp_path)] == ["clerk file"]
