"""The README's tour, as steps that a shell can run."""

import re
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = re.compile(r"<!-- tour -->\n```bash\n(.*?)```", re.DOTALL)
_EXPECTATION: Final = "  # => "


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the tour, and what its answer holds."""

    line: str
    expected: str | None


def steps_of(readme: str) -> list[Step]:
    """Every line of every block that is marked as a part of the tour."""
    steps = []
    for block in _BLOCK.findall(readme):
        for line in filter(None, block.splitlines()):
            command, marked, expected = line.partition(_EXPECTATION)
            steps.append(Step(command, expected if marked else None))
    return steps


def script_of(steps: list[Step], separator: str) -> str:
    """A script that stops at the first failure and says the separator before each step."""
    lines = ["set -euo pipefail"]
    for step in steps:
        lines += [f"printf '%s\\n' '{separator}'", step.line]
    return "\n".join(lines)
