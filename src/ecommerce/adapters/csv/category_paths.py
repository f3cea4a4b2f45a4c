r"""Category paths as text: names from the root on, ``A > B > C``; in a name ``>`` is ``\>``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ecommerce.domain.shared.text import composed

_SEPARATOR: Final = re.compile(r"(?<!\\)>")


def path_of(text: str) -> tuple[str, ...]:
    """The names on a path, trimmed; blank ones are left in for the rules to refuse."""
    if not text.strip():
        return ()
    if "\\" not in text:
        return tuple(name.strip() for name in text.split(">"))
    parts = _SEPARATOR.split(text.replace("\\\\", "\0"))
    return tuple(part.strip().replace("\\>", ">").replace("\0", "\\") for part in parts)


def text_of(names: Sequence[str]) -> str:
    """A path that ``path_of`` reads back."""
    return " > ".join(name.replace("\\", "\\\\").replace(">", "\\>") for name in names)


def read_paths(lines: Iterable[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The paths of a file with their lines; blank lines and ``#`` comments are skipped."""
    for number, line in enumerate(lines, start=1):
        text = composed(line.lstrip("\ufeff").strip())
        if text and not text.startswith("#"):
            yield number, path_of(text)
