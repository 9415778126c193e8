"""The manifests: SHA-256 of every evidence file, month by month, in the form that `sha256sum --check` reads.

`evidence/2019-11.sha256` names the files of the visits that fell into the window of November 2019. Lines are only ever
added; `sha256sum --check 2019-11.sha256`, called in the folder, proves the files without this program.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

from auditor.crawl.evidence.files import files_in, stem
from auditor.files import write_atomic

_ENDING = ".sha256"
_DAY = len("2019-11-20")
_CHUNK = 1 << 20


def sha256_of(file: Path) -> str:
    """A file's SHA-256, in hex.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def day_of(file: Path) -> date:
    """The day of a file's visit, in the jurisdiction.

    Raises:
        ValueError: its name tells none.
    """
    return date.fromisoformat(stem(file)[:_DAY])


def name_of(file: Path) -> str:
    """How a manifest names a file: the unit's folder, then the file."""
    return f"{file.parent.name}/{file.name}"


def all_files(root: Path) -> list[Path]:
    """Every evidence file, unit by unit, oldest first; what somebody else put there is none."""
    return [file for folder in sorted(root.glob("*/")) for file in files_in(folder) if _is_of_a_visit(file)]


def _is_of_a_visit(file: Path) -> bool:
    try:
        return bool(day_of(file))
    except ValueError:
        return False


def digests(root: Path) -> dict[str, str]:
    """What the manifests say: SHA-256 in hex by the file's name.

    A line that is none, is not whole, or names no visit, is left out.
    """
    found: dict[str, str] = {}
    for manifest in sorted(root.glob(f"*{_ENDING}")):
        for line in manifest.read_text("utf-8", "replace").splitlines(keepends=True):
            digest, _, name = line.rstrip().partition("  ")
            if line.endswith("\n") and _is_of_a_visit(Path(name)):
                found.setdefault(name, digest)  # the first line stands, whatever was added later
    return found


def complete(root: Path, month_of: Callable[[date], object]) -> int:
    """Adds the files that no manifest names yet; answers how many they were.

    Args:
        root: the folder of all evidence.
        month_of: the month whose window a day falls into; names the manifest.

    Raises:
        OSError: a file cannot be read, or a manifest not be written.
    """
    known = digests(root)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for file in all_files(root):
        if name_of(file) not in known:
            lines[str(month_of(day_of(file)))].append(f"{sha256_of(file)}  {name_of(file)}\n")
    for month, added in lines.items():
        _append(root / f"{month}{_ENDING}", "".join(added))
    return sum(map(len, lines.values()))


def _append(manifest: Path, text: str) -> None:
    """Adds lines, all or none; the half line that a full disk or a crash once left goes."""
    old = manifest.read_bytes() if manifest.exists() else b""
    write_atomic(manifest, old[: old.rfind(b"\n") + 1] + text.encode())
