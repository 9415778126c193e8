"""The container file as data: stages of instructions, as far as ours needs it."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CONTAINERFILE = PROJECT / "deploy" / "Containerfile"


@dataclass(frozen=True)
class Instruction:
    """One line, its continuations joined: `RUN`, and what is run."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The arguments: of a JSON array, or as a shell parts them; options (--from=build) left out."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return [word for word in shlex.split(self.rest) if not word.startswith("--")]


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next. `base` is the image, `name` what later stages call it."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def of(self, word: str) -> list[Instruction]:
        """The instructions with this word."""
        return [each for each in self.instructions if each.word == word]

    @property
    def environment(self) -> dict[str, str]:
        """What ENV sets; $PATH stays as it is written."""
        return dict(pair.split("=", 1) for each in self.of("ENV") for pair in each.words)


def stages(file: Path = CONTAINERFILE) -> list[Stage]:
    """The stages of a container file."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    found: list[Stage] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, rest = line.split(None, 1)
        if word == "FROM":
            base, *name = rest.split(" AS ")
            found.append(Stage(base, name[0] if name else ""))
        else:
            found[-1].instructions.append(Instruction(word, rest.strip()))
    return found
