"""On whose behalf work is done, and through which request it came."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

PrincipalKind: TypeAlias = Literal["anonymous", "user", "api_key", "system"]
"""Nobody known, somebody with an account, a machine with a key, the shop itself."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts; ``id`` is that of the account or the key."""

    kind: PrincipalKind
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where work comes from: who asked, in which request, from which address."""

    principal: Principal
    request_id: str | None = None
    client: str | None = None


THE_SHOP: Final = Origin(Principal("system"))
"""Commands and upkeep, which nobody asked for over HTTP."""

_origin: Final[ContextVar[Origin]] = ContextVar("origin", default=THE_SHOP)


def come_from(origin: Origin) -> None:
    """Say where the work of the calling task comes from, from now on.

    The HTTP gate says it of every request that may write, once it knows who is asking.
    """
    _origin.set(origin)


def origin() -> Origin:
    """Where the work of the calling task comes from."""
    return _origin.get()
