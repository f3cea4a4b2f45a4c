"""Stock and its ledger as rows."""

from ecommerce.adapters.postgres.database import Parameters
from ecommerce.domain.inventory.stock_item import Movement, StockItem


def item_row(item: StockItem) -> Parameters:
    """The values of a stock item's row."""
    return {
        "variant_id": item.variant_id,
        "on_hand": item.on_hand,
        "reserved": item.reserved,
        "backorder_allowed": item.backorder_allowed,
        "version": item.version,
    }


def movement_row(movement: Movement) -> Parameters:
    """The values of a ledger line's row."""
    return {
        "id": movement.id,
        "variant_id": movement.variant_id,
        "sku": movement.sku,
        "delta": movement.delta,
        "on_hand": movement.on_hand,
        "reason": movement.reason,
        "reference": movement.reference,
        "actor_id": movement.actor_id,
        "created_at": movement.created_at,
    }
