"""Serves sites on loopback: one event loop in one thread, one port per site."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from email.utils import formatdate
from http import HTTPStatus
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Any, Self

from auditor.demo.site import Answer

HOST = "127.0.0.1"
_BACKLOG = 128
_REQUEST_LIMIT = 65_536

Respond = Callable[[str], tuple[Answer, str]]


class Port:
    """One site's door: a port of its own, kept while the site is down so that it comes back under the same address."""

    def __init__(self, wanted: int, respond: Respond) -> None:
        self._socket: socket | None = _bound(wanted)  # None while the server holds it
        self.number: int = self._socket.getsockname()[1]
        self._respond = respond
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Accepts connections."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._converse, sock=self._socket, backlog=_BACKLOG, limit=_REQUEST_LIMIT
            )
            self._socket = None

    async def close(self) -> None:
        """Refuses connections, as a dead machine's system does."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._socket = _bound(self.number)

    def abandon(self) -> None:
        """Gives the port back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._reply(request))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the visitor went away, or speaks no HTTP
        finally:
            writer.close()

    def _reply(self, request: bytes) -> bytes:
        match request.split(b"\r\n", 1)[0].decode("latin-1").split(" "):
            case ["GET" | "HEAD" as method, target, _]:
                answer, server = self._respond(target)
                return _message(answer, server, with_body=method == "GET")
            case _:
                return _message(Answer(b"", "text/plain", HTTPStatus.METHOD_NOT_ALLOWED), "", with_body=True)


class Loop:
    """An event loop in a thread of its own; leaving it ends the thread."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo province", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Does `work` in the loop and waits for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result()


def claim(number: int) -> socket | None:
    """Takes a port for as long as the socket lives, as a sign that the ports after it are ours; None if it is taken.

    A site that is down does not listen, and a port nobody listens on can be bound twice: so the ports alone do not
    tell two provinces apart.
    """
    try:
        sign = _bound(number)
        sign.listen()
    except OSError:
        return None
    return sign


def ports(wanted: range, responders: Mapping[str, Respond]) -> dict[str, Port]:
    """A port per responder: those of `wanted` if all are free (addresses stay the same from run to run), else any."""
    taken: dict[str, Port] = {}
    try:
        for number, (key, respond) in zip(wanted, responders.items(), strict=True):
            taken[key] = Port(number, respond)
    except OSError:
        for port in taken.values():
            port.abandon()
        return any_ports(responders)
    return taken


def any_ports(responders: Mapping[str, Respond]) -> dict[str, Port]:
    """A port per responder, whichever the system has to give."""
    return {key: Port(0, respond) for key, respond in responders.items()}


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _bound(number: int) -> socket:
    """A socket bound to a loopback port, not yet listening: connections are refused."""
    door = socket()
    try:
        door.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        door.bind((HOST, number))
    except OSError:
        door.close()
        raise
    return door


def _message(answer: Answer, server: str, *, with_body: bool) -> bytes:
    status = HTTPStatus(answer.status)
    headers = {
        "Date": formatdate(usegmt=True),
        "Server": server,
        "Content-Type": answer.content_type,
        "Content-Length": str(len(answer.body)),
        "Connection": "close",
    }
    if answer.location:
        headers["Location"] = answer.location
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("latin-1") + answer.body * with_body
