"""November 2019 as the service lives it: 31 nights and the report, with what goes wrong in a month.

19/10  installed in the evening        02/11  the portals' names cannot be looked up, all night
24/10  the machine sleeps two nights   05/11  a portal moves to another system
29/10  killed in the middle of a crawl 08/11  no room on the disk
30/10  one portal is down, two nights  11/11  the clock is set back by three hours, 14/11 forward by five
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from auditor.demo.content import TIMEZONE
from tests.simulation.province import Living
from tests.simulation.service import JumpingClock, Service, kill_when, look_in_a_process

UNITS = ("so-noi-vu", "so-khcn", "cu-jut")
MOVED = "so-noi-vu"
DOWN = "cu-jut"
SMALL_FILES = 8_192


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2019 in the province."""
    return datetime(2019, month, day, hour, minute, tzinfo=TIMEZONE)


@dataclass(frozen=True)
class Mark:
    """What this process holds: open files, bytes of memory, children."""

    files: int
    memory: int
    children: int

    @classmethod
    def take(cls) -> Mark | None:
        """Looks, where the system tells (Linux)."""
        own = Path("/proc/self")
        if not (own / "statm").exists():
            return None
        pages = int((own / "statm").read_text("ascii").split()[1])
        children = [child for task in own.glob("task/*/children") for child in task.read_text("ascii").split()]
        return cls(len(list((own / "fd").iterdir())), pages * os.sysconf("SC_PAGE_SIZE"), len(children))


@dataclass
class Month:
    """The month under way. `marks`: what the process held."""

    folder: Path
    province: Living
    clock: JumpingClock
    service: Service
    marks: list[Mark] = field(default_factory=list)

    @classmethod
    def begin(cls, folder: Path, province: Living) -> Month:
        """Installs the service on the evening of 19 October."""
        clock = JumpingClock(at(10, 19, 18))
        (folder / "portals.yaml").write_text(province.portals_yaml(), "utf-8")
        month = cls(folder, province, clock, Service(folder, clock, lambda: province.show(clock.now())))
        province.on_request = lambda _key, _target: None
        month.service.start()
        return month

    def run(self) -> None:
        """Everything up to noon of 19 November."""
        self._until(at(10, 23))
        self._sleeps(at(10, 26, 8))
        self._until(at(10, 28))
        self._is_killed(at(10, 29, 1, 10))
        self._until(at(10, 30, 0))
        self._without([DOWN], at(11, 1, 0))
        self._until(at(11, 2, 0))
        self._nameless(at(11, 2))
        self.province.redesign(MOVED, "wordpress")
        self._until(at(11, 7))
        self._has_no_room(at(11, 8, 1, 10))
        self._until(at(11, 11, 2))
        self.service.set_clock(at(11, 10, 23))
        self._until(at(11, 14, 9))
        self.service.set_clock(at(11, 14, 14))
        self._until(at(11, 19))

    def _until(self, end: datetime) -> None:
        """Lives on; at each job the portals show what was published by then."""
        step = timedelta(hours=12)
        while self.clock.now() < end:
            self.service.live_until(min(self.clock.now() + step, end))
            if mark := Mark.take():
                self.marks.append(mark)

    def _sleeps(self, end: datetime) -> None:
        self.service.sleep_until(end)

    def _is_killed(self, moment: datetime) -> None:
        reached = Event()
        self.province.show(moment)
        self.province.on_request = lambda key, _target: reached.set() if key == MOVED else None
        self.clock.put(moment)
        kill_when(look_in_a_process(self.folder, moment), reached)
        self.clock.put(moment + timedelta(seconds=30))
        self.service.start()

    def _without(self, keys: Collection[str], end: datetime) -> None:
        self.province.set_down(keys)
        self._until(end)
        self.province.set_down(())

    def _nameless(self, end: datetime) -> None:
        file = self.folder / "portals.yaml"
        file.write_text(self.province.portals_yaml("invalid"), "utf-8")
        self._until(end)
        file.write_text(self.province.portals_yaml(), "utf-8")

    def _has_no_room(self, moment: datetime) -> None:
        self.clock.put(moment)
        self.province.show(moment)
        process = look_in_a_process(self.folder, moment, SMALL_FILES)
        self.said_without_room = process.communicate(timeout=120)[0]
        self.service.start()
