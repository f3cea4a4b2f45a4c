"""Movements: the ledger's lines, never changed once written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ecommerce.domain.inventory.errors import InvalidMovementError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import MovementId, UserId, VariantId

MAX_DELTA: Final = 10**9
MAX_REASON: Final = 200
MAX_REFERENCE: Final = 200


def refused(field: str, detail: str) -> InvalidMovementError:
    """The error that refuses one field, pointing at it."""
    return InvalidMovementError(detail, Violation(f"/{field}", detail))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When, why, for what document and by whom stock moves; ``id`` becomes the movement's."""

    id: MovementId
    at: datetime
    reason: str
    reference: str | None = None
    actor_id: UserId | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.reason.strip()) <= MAX_REASON or "\0" in self.reason:
            raise refused("reason", f"A reason has 1 to {MAX_REASON} characters.")
        if self.reference is not None and (
            not 1 <= len(self.reference.strip()) <= MAX_REFERENCE or "\0" in self.reference
        ):
            raise refused("reference", f"A reference has 1 to {MAX_REFERENCE} characters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of what is on hand of a SKU; ``on_hand`` is what there was after it."""

    id: MovementId
    variant_id: VariantId
    sku: str
    delta: int
    on_hand: int
    reason: str
    reference: str | None
    actor_id: UserId | None
    created_at: datetime
