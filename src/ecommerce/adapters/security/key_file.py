"""A file that only its owner can read, never seen half written."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def create_once(path: Path, text: str) -> None:
    """Write the file unless there is one, whoever else tries at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = _written_aside(path, text)
    try:
        with suppress(FileExistsError):
            os.link(whole, path)
    finally:
        whole.unlink()


def replace_file(path: Path, text: str) -> None:
    """Put a new file in the place of the old one; where that is a link, of what it leads to."""
    target = path.resolve()
    whole = _written_aside(target, text)
    try:
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Change the file alone: others who want to, wait, by whatever link they come. The lock goes
    with its process.
    """
    target = path.resolve()
    lock = target.with_name(f"{target.name}.lock")
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _written_aside(path: Path, text: str) -> Path:
    # mkstemp makes files of mode 600.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    whole = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        whole.unlink()
        raise
    return whole
