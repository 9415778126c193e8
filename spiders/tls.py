"""What a failed TLS handshake failed of, in the words that OpenSSL has for it.

Scrapy's own exception says "certificate verify failed" of everything; the handshake that is made once more to learn
the reason (`auditor.crawl.certificates`) stands behind it, as what it was raised from.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from typing import Final

from OpenSSL import SSL
from service_identity import VerificationError

from auditor.outcomes import Cause

_FAULTS: Final = (SSL.Error, ssl.SSLError, VerificationError)
_WORDS: Final = {
    Cause.TLS_EXPIRED: "certificate has expired|not yet valid|certificate expired",
    Cause.TLS_NAME: "mismatch|doesn't match|not valid for",
    Cause.TLS_UNTRUSTED: r"self.signed|unable to (?:get|verify)|unknown ca\b|certificate chain",
    Cause.TLS_OLD: "unsupported protocol|protocol version|no protocols|handshake failure|no shared cipher|wrong cipher|"
    "key too small|md too weak|legacy renegotiation|version too low|bad signature|algorithm mismatch",
}
"""In this order: a certificate that is outdated and of another name is told as outdated."""


def tls_cause(error: BaseException) -> Cause | None:
    """The word for a fault of TLS; None for any other fault."""
    chain = list(_chain(error))
    said = " ".join(map(str, chain))
    if not any(isinstance(each, _FAULTS) for each in chain) and not _tells_of_tls(str(error)):
        return None
    return next((cause for cause, words in _WORDS.items() if re.search(words, said, re.IGNORECASE)), Cause.TLS)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The fault and what it was raised from: Twisted wraps OpenSSL's errors twice."""
    seen: list[BaseException] = [error]
    for each in seen:
        yield each
        wrapped = (getattr(reason, "value", None) for reason in getattr(each, "reasons", None) or ())
        inner = [each.__cause__, each.__context__, *wrapped]
        seen.extend(other for other in inner if isinstance(other, BaseException) and other not in seen)


def _tells_of_tls(said: str) -> bool:
    return "SSL" in said or "certificate" in said.lower()
