"""How a report is worded, as `report:` in portals.yaml says; all of it is optional.

```yaml
report:
  numbers: formal        # "04 lượt"; 2019: "4 lượt", as the reports of that year had them
  majority: 50           # per cent of the units beyond which a report says "đa số"
  notable_change: 1      # posts; a smaller change is neither a strength nor a weakness
```
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.portals_fields import choice
from auditor.service import number
from auditor.yaml_file import Fields

_FIELDS = ("numbers", "majority", "notable_change")


class Numbers(StrEnum):
    """How counts below ten are written."""

    FORMAL = "formal"
    OF_2019 = "2019"


@dataclass(frozen=True)
class Style:
    """The office's choices.

    Attributes:
        majority: per cent, 50 to 100: what is true of more units than that is said of "đa số".
        notable_change: the least change, in posts, that is named as a strength or a weakness.
    """

    numbers: Numbers = Numbers.FORMAL
    majority: int = 50
    notable_change: int = 1

    def is_majority(self, some: int, of: int) -> bool:
        """Whether so many of so many are most of them; none of none are not."""
        return some * 100 > of * self.majority


def read_style(fields: Fields) -> Style:
    """The choices of `report:`; mistakes are added to the file's."""
    usual = Style()
    fields.refuse_others(_FIELDS)
    return Style(
        numbers=fields.take("numbers", choice(Numbers), usual.numbers),
        majority=fields.take("majority", number(50, 100), usual.majority),
        notable_change=fields.take("notable_change", number(1, 9999), usual.notable_change),
    )
