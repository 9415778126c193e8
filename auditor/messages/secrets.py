"""Addresses that hold passwords or tokens: from the environment, or from a file that nobody else may read.

AUDITOR_SMTP                smtps://user:password@host:465 (TLS), smtp://user:password@host:587 (STARTTLS),
                            smtp+plain://host:25 (neither; for a relay on this machine)
AUDITOR_WEBHOOK_OPERATOR    https://… (gets JSON), or any other address that Apprise knows
AUDITOR_WEBHOOK_CLERK
AUDITOR_SECRETS             a file of lines NAME=value for the three above; an environment variable goes before it
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from auditor.errors import InputError

SMTP = "AUDITOR_SMTP"
WEBHOOKS = {"operator": "AUDITOR_WEBHOOK_OPERATOR", "clerk": "AUDITOR_WEBHOOK_CLERK"}
FILE = "AUDITOR_SECRETS"
_NAMES = frozenset({SMTP, *WEBHOOKS.values()})
_LARGEST = 65_536


def load(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The secrets by name; those that are not set are missing.

    Raises:
        InputError: the file is missing, may be read by others, or holds something else; its content is never told.
    """
    named = environment.get(FILE)
    kept = _read(Path(named)) if named else {}
    return kept | {name: environment[name] for name in _NAMES if environment.get(name)}


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open(encoding="utf-8") as opened:
            _refuse_shared(file, os.fstat(opened.fileno()))
            lines = opened.read(_LARGEST).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{FILE} names {file}, which cannot be read: correct the name, or its permissions") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name.strip() not in _NAMES:
            raise InputError(f"{file}:{number}: not one of {', '.join(sorted(_NAMES))}, then '=', then its value")
        found[name.strip()] = value.strip()
    return found


def _refuse_shared(file: Path, status: os.stat_result) -> None:
    """On systems with permissions in Unix's manner, secrets are for one user."""
    if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(f"{file} may be read or written by others: run 'chmod 600 {file}'")
