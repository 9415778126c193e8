"""Writes the weights that come with the program: `python -m auditor.learning`."""

from __future__ import annotations

from auditor import ngrams
from auditor.learning.examples import shipped
from auditor.learning.training import train


def main() -> None:
    """Trains on everything shipped and writes ngrams.json anew."""
    ngrams.FILE.write_bytes(ngrams.written(train(shipped()).weights))


if __name__ == "__main__":
    main()
