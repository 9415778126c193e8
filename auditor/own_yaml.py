"""Reads the program's own YAML files, by the C parser where it is there: seven times as fast."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str | bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    """What a file of the program's own holds.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, LOADER)  # noqa: S506 - both loaders are safe ones
