"""The channels a digest goes through: a file always, e-mail and a webhook where they are set up."""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from auditor.errors import InputError
from auditor.files import write_atomic
from auditor.messages import secrets
from auditor.messages.digest import Audience
from auditor.service import ServiceOptions
from auditor.text import printable

_MODES = {"smtps": "ssl", "smtp": "starttls", "smtp+plain": "insecure"}
_HEADERS = {"+Auto-Submitted": "auto-generated"}  # so that no absent reader's mail server answers (RFC 3834)
_LAST_WORDS = 3
_PLACE = re.compile(r" object at 0x[0-9a-f]+")
_NOISE = re.compile(r"E-Mail send\(\) completed in .*")
"""What differs from night to night though the fault is the same: times, and places in memory."""
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


class UndeliveredError(Exception):
    """A channel did not take a message; says why, without the channel's secrets."""


@dataclass(frozen=True)
class Message:
    """What a channel carries. `stem` names its file: "2019-11-19-operator"."""

    subject: str
    body: str
    stem: str


class Channel(ABC):
    """One way to one audience; `name` tells it from the others, for ever."""

    name: str

    @abstractmethod
    def send(self, message: Message) -> None:
        """Carries a message.

        Raises:
            UndeliveredError: it was not taken.
        """


@dataclass(frozen=True)
class FileChannel(Channel):
    """Writes each message into a folder: the record of what was said, and all there is where nothing else is set up."""

    name: str
    folder: Path

    def send(self, message: Message) -> None:
        """Adds the message to the file of its day."""
        file = self.folder / f"{message.stem}.txt"
        try:
            before = file.read_text("utf-8") + "\n" if file.exists() else ""
            write_atomic(file, f"{before}{message.subject}\n\n{message.body}")
        except OSError as error:
            raise UndeliveredError(f"{file}: {error.strerror}") from error


@dataclass(frozen=True)
class NetChannel(Channel):
    """Sends through Apprise, which knows mail servers, webhooks and the usual services. `address` holds secrets."""

    name: str
    address: str = field(repr=False)

    def send(self, message: Message) -> None:
        """Sends the message as plain text."""
        import apprise  # noqa: PLC0415 - only where something is sent

        post = apprise.Apprise()
        with _Heard() as heard:
            if not post.add(self.address):
                raise UndeliveredError(f"{self.name}: its address cannot be understood: docs/service.md has its forms")
            sent = post.notify(title=message.subject, body=message.body, body_format=apprise.NotifyFormat.TEXT)
        if not sent:
            raise UndeliveredError(f"{self.name}: {self._without_secrets(heard.said) or 'the server did not take it'}")

    def _without_secrets(self, said: str) -> str:
        parts = urlsplit(self.address)
        hidden = {parts.password or "", unquote(parts.password or ""), parts.path.strip("/"), parts.query} - {""}
        for secret in sorted(hidden, key=len, reverse=True):
            said = said.replace(secret, "***")
        return printable(_PLACE.sub("", said), 200)


@dataclass(frozen=True)
class WrongChannel(Channel):
    """One that cannot be used as it was set up: takes nothing, and says why whether or not there is news."""

    name: str
    fault: str

    def send(self, message: Message) -> None:  # noqa: ARG002
        """Takes nothing."""
        raise UndeliveredError(f"{self.name}: {self.fault}")


class _Heard(logging.Handler):
    """Keeps what Apprise says of a failure, instead of letting it print it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._lines: list[str] = []
        self._logger = logging.getLogger("apprise")

    @property
    def said(self) -> str:
        """The last words: with them it tells the reason."""
        return "; ".join([line for line in self._lines if not _NOISE.fullmatch(line)][-_LAST_WORDS:])

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    def __enter__(self) -> Self:
        self._before = (self._logger.propagate, self._logger.level)
        self._logger.propagate = False
        self._logger.setLevel(logging.DEBUG)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        propagate, level = self._before
        self._logger.propagate = propagate
        self._logger.setLevel(level)


def channels(audience: Audience, options: ServiceOptions, secret: Mapping[str, str], folder: Path) -> Iterator[Channel]:
    """The channels to an audience; one whose address is wrong is a `WrongChannel`, so that the others still work."""
    yield FileChannel(f"{audience} file", folder)
    to = options.operator if audience is Audience.OPERATOR else options.clerk
    if to and (sender := options.sender):
        yield _net(f"{audience} mail", lambda: _mail(secret.get(secrets.SMTP), sender, to))
    hook = secrets.WEBHOOKS[audience]
    if hook in secret:
        yield _net(f"{audience} webhook", lambda: _webhook(secret[hook]))


def _net(name: str, address: Callable[[], str]) -> Channel:
    try:
        return NetChannel(name, address())
    except InputError as error:
        return WrongChannel(name, str(error))


def _mail(server: str | None, sender: str, to: tuple[str, ...]) -> str:
    if server is None:
        raise InputError(f"portals.yaml names e-mail addresses, but {secrets.SMTP} names no mail server: set it")
    parts = _split(server)
    if parts is None or parts.scheme not in _MODES or not parts.hostname:
        raise InputError(f"{secrets.SMTP} is no mail server's address: write it as smtps://user:password@host:465")
    login = (
        f"{quote(unquote(parts.username), safe='')}:{quote(unquote(parts.password or ''), safe='')}@"
        if parts.username
        else ""
    )
    asked = urlencode({"from": sender, "to": ",".join(to), "mode": _MODES[parts.scheme], "format": "text", **_HEADERS})
    kind = "mailto" if parts.scheme == "smtp+plain" else "mailtos"
    return f"{kind}://{login}{parts.hostname}:{parts.port or _PORTS[parts.scheme]}/?{asked}"


def _webhook(address: str) -> str:
    parts = _split(address)
    if parts is None or not parts.scheme:
        raise InputError("a webhook's address cannot be understood: write it as https://host/path")
    ours = {"https": "jsons", "http": "json"}
    return parts._replace(scheme=ours[parts.scheme]).geturl() if parts.scheme in ours else address


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
