"""Let products stand where they would by themselves."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import pin_facts
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import PinId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePin:
    """Which pin to remove."""

    pin_id: PinId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePinHandler:
    """Removes a pin; the products stay."""

    transactions: TransactionFactory[MerchandisingTransaction]

    async def __call__(self, command: DeletePin) -> None:
        """Remove it, or raise ``PinNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            pin = await transaction.pins.get(command.pin_id)
            require_version(pin.version, command.expected_version)
            await transaction.pins.remove(pin)
            transaction.audit.record(AuditEntry.deleted("pin", pin.id, pin_facts(pin)))
            await transaction.commit()
