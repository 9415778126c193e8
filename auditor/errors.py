"""What a command may tell its user instead of a traceback."""

from __future__ import annotations

import errno

_OF_THE_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}


class InputError(Exception):
    """Bad input: says what is wrong, where, and the remedy. Commands print it and exit with status 2.

    Raised by whoever reads what a person wrote: portals.yaml, options, files named on the command line.
    """


def place_fault(error: BaseException) -> str | None:
    """What is wrong with the place something was written to or read from, and the remedy; None for any other error."""
    if not isinstance(error, OSError) or error.errno not in _OF_THE_PLACE:
        return None
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror}: make room or see to the permissions there, then repeat the command"
