"""Shades of grey behind the cells of a table, by their number: a heat map.

It is read as well in black and white, and by those who cannot see it: every cell still says what it holds.
"""

from __future__ import annotations

from math import sqrt

from auditor.report.tables import Cell, Column, Row, Table

GREYS = ("FFFFFF", "EDEDED", "DBDBDB", "C4C4C4", "A6A6A6")
"""From none to most; black text is read on each of them (contrast 8.6 to 1 at the least)."""
SEEN_IN_FULL, SEEN_IN_PART, NOT_SEEN = "Đ", "P", "K"
"""A night's visits, as a calendar has them."""
_OF_TEXTS = {SEEN_IN_FULL: 3, SEEN_IN_PART: 1}


def shades(table: Table) -> tuple[tuple[int, ...], ...]:
    """The greys of a table; by the root of the number, as one unit often has as many as all others together.

    Returns:
        Per row and column the place in `GREYS`: 0 where the column is not shaded, the row a total, the count none.
    """
    most = max((_number(cell) for row in table.rows if not row.total for cell in _shaded(row, table)), default=0)
    return tuple(
        tuple(_shade(cell, column, row, most) for cell, column in zip(row.cells, table.columns, strict=True))
        for row in table.rows
    )


def _shaded(row: Row, table: Table) -> list[Cell]:
    return [cell for cell, column in zip(row.cells, table.columns, strict=True) if column.shaded]


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _shade(cell: Cell, column: Column, row: Row, most: int) -> int:
    if not column.shaded or row.total:
        return 0
    if isinstance(cell, str):
        return _OF_TEXTS.get(cell, 0)
    number = _number(cell)
    darkest = len(GREYS) - 1
    return max(1, round(sqrt(number / most) * darkest)) if number > 0 else 0
