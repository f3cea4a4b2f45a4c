"""Whether reads of the calling task may be a moment behind the last write."""

from contextvars import ContextVar
from typing import Final

_demanded: Final[ContextVar[bool]] = ContextVar("fresh_reads_demanded", default=False)


def demand_fresh_reads(*, demanded: bool) -> None:
    """Say whether reads of this task have to see every write that was answered before.

    The HTTP gate says so for callers who may write: they read past caches and from the primary
    database, whichever process or machine answers them.
    """
    _demanded.set(demanded)


def fresh_reads_demanded() -> bool:
    """Whether reads of this task must see every write that was answered before."""
    return _demanded.get()
