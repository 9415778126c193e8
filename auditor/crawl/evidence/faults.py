"""What a download failed with, as plain words, and the same fault again from them.

Whatever looks at an exception of the downloader (retries, `spiders.fetching`) asks for its kind, its text, and what it
was raised from; so these are what is kept.
"""

from __future__ import annotations

import builtins
import ssl
from typing import Any

from OpenSSL import SSL
from scrapy import exceptions
from scrapy.exceptions import DownloadFailedError
from twisted.internet import error as twisted_errors
from twisted.web import client

_DEEPEST = 8
_KINDS: dict[str, type[Exception]] = {
    f"{kind.__module__}.{kind.__name__}": kind
    for module in (builtins, ssl, SSL, twisted_errors, client, exceptions)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
}


def told(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """The fault as JSON: the names of its kind, best first, its text, and what it was raised from."""
    kinds = [f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__]
    inner = _inner(error) if depth < _DEEPEST else []
    return {"kinds": kinds, "text": str(error), "from": [told(each, depth + 1) for each in inner]}


def _inner(error: BaseException) -> list[BaseException]:
    """What a fault was raised from; Twisted keeps it as failures in a list."""
    wrapped = [getattr(reason, "value", None) for reason in getattr(error, "reasons", None) or ()]
    return [each for each in (error.__cause__ or error.__context__, *wrapped) if isinstance(each, BaseException)]


def again(record: dict[str, Any]) -> BaseException:
    """The fault that `told` told."""
    kind = next(filter(None, map(_KINDS.get, record["kinds"])), DownloadFailedError)
    text = str(record["text"])
    named = type(kind.__name__, (kind,), {"__init__": _hold, "__str__": lambda _self: text})
    fault: BaseException = named()
    inner = [again(each) for each in record["from"]]
    if inner:
        fault.__cause__ = inner[0]
        fault.reasons = [_Reason(each) for each in inner]  # type: ignore[attr-defined]  # as Twisted has it
    return fault


def _hold(_self: BaseException, *_arguments: object) -> None:
    """Many kinds ask for arguments that nobody needs again."""


class _Reason:
    def __init__(self, value: BaseException) -> None:
        self.value = value
