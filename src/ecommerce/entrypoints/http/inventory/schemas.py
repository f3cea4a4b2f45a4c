"""Bodies, queries and pages of the stock."""

from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.inventory.queries import MovementView, StockView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.inventory.movement import MAX_DELTA, MAX_REASON, MAX_REFERENCE


class AdjustStockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By how much the stock changes, and why."""

    delta: Annotated[
        int, Meta(ge=-MAX_DELTA, le=MAX_DELTA, description="Added when positive; not zero.")
    ]
    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]
    reference: (
        Annotated[
            str,
            Meta(min_length=1, max_length=MAX_REFERENCE, description="A document it belongs to."),
        ]
        | None
    ) = None


class StockPage(msgspec.Struct, frozen=True):
    """The stock of some SKUs in order; `total` is there when asked for."""

    items: tuple[StockView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


class MovementPage(msgspec.Struct, frozen=True):
    """Some lines of a ledger, newest first; `total` is there when asked for."""

    items: tuple[MovementView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


ADJUST: Final = {"delta": -2, "reason": "damaged in the warehouse", "reference": "RMA-1007"}
STOCK: Final = {
    "sku": "TRAIL-42-RED",
    "variant_id": "019a8f00-5a00-7000-8000-000000000002",
    "on_hand": 10,
    "reserved": 1,
    "available": 9,
    "backorder_allowed": False,
    "version": 2,
}
STOCK_PAGE: Final = {"items": [STOCK], "next_cursor": None, "previous_cursor": None}
MOVEMENT: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000c01",
    "sku": "TRAIL-42-RED",
    "delta": -2,
    "on_hand": 10,
    "reason": "damaged in the warehouse",
    "reference": "RMA-1007",
    "actor_id": "019a8f00-5a00-7000-8000-000000000a01",
    "created_at": "2026-01-05T09:30:00Z",
}
MOVEMENT_PAGE: Final = {"items": [MOVEMENT], "next_cursor": None, "previous_cursor": None}
