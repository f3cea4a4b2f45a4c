"""Add to what is on hand of a SKU, or take away from it."""

from dataclasses import dataclass

from ecommerce.application.inventory.ports import InventoryTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.inventory.movement import Occasion
from ecommerce.domain.shared.ids import MovementId, UserId, VariantId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStock:
    """By how much the stock of a SKU changes, why, for what document, and who says so."""

    sku: str
    delta: int
    reason: str
    reference: str | None = None
    actor_id: UserId | None = None
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class AdjustedStock:
    """What there is now, and the ledger's new line."""

    variant_id: VariantId
    sku: str
    movement_id: MovementId
    on_hand: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStockHandler:
    """Changes what is on hand and writes why into the ledger."""

    transactions: TransactionFactory[InventoryTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: AdjustStock) -> AdjustedStock:
        """Adjust it, or raise ``SkuNotFoundError``, ``StaleVersionError``,
        ``StockReservedError`` or ``InvalidMovementError``.
        """
        async with self.transactions() as transaction:
            item = await transaction.stock.get(command.sku)
            require_version(item.version, command.expected_version)
            # Told the time under the lock, movements of one SKU have ids in the order of effect.
            at = self.clock.now()
            movement = item.adjust(
                command.delta,
                Occasion(
                    id=MovementId(self.ids.new(at)),
                    at=at,
                    reason=command.reason,
                    reference=command.reference,
                    actor_id=command.actor_id,
                ),
            )
            await transaction.stock.save(item, movement)
            transaction.audit.record(
                AuditEntry(
                    action="stock.adjusted",
                    subject_type="stock",
                    subject_id=item.sku,
                    before={"on_hand": item.on_hand - command.delta},
                    after={
                        "on_hand": item.on_hand,
                        "reason": command.reason,
                        "reference": command.reference,
                    },
                )
            )
            await transaction.commit()
        return AdjustedStock(item.variant_id, item.sku, movement.id, item.on_hand, item.version)
