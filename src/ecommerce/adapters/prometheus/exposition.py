"""All metrics as text, those of the other worker processes too."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from ecommerce.adapters.prometheus.shared import DIRECTORY


def text_of(registry: CollectorRegistry) -> bytes:
    """Everything in Prometheus' text format: this process's, or that of all workers together."""
    directory = os.environ.get(DIRECTORY)
    if directory is None:
        return generate_latest(registry)
    _forget_the_dead(Path(directory))
    together = CollectorRegistry()
    MultiProcessCollector(together, directory)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def _forget_the_dead(directory: Path) -> None:
    """Take out what a worker that is gone had at that moment; what it counted stays."""
    for pid in {file.stem.rpartition("_")[2] for file in directory.glob("gauge_live*.db")}:
        if pid.isdigit() and not _lives(int(pid)):
            mark_process_dead(int(pid), str(directory))  # type: ignore[no-untyped-call]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
