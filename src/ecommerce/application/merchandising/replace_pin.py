"""Pin other products, or elsewhere."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import pin_facts
from ecommerce.application.merchandising.pinned import unknown_in
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.merchandising.pin import PinDetails
from ecommerce.domain.shared.ids import PinId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePin:
    """All that a pin is to say."""

    pin_id: PinId
    details: PinDetails
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ReplacedPin:
    """What became of it; the version stays when nothing changed."""

    id: PinId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePinHandler:
    """Replaces what a pin says."""

    transactions: TransactionFactory[MerchandisingTransaction]
    clock: Clock

    async def __call__(self, command: ReplacePin) -> ReplacedPin:
        """Replace it, or raise ``PinNotFoundError``, ``StaleVersionError``, ``InvalidPinError``,
        ``PinTakenError``, ``UnknownPinnedCategoryError`` or ``UnknownPinnedProductsError``.
        """
        async with self.transactions() as transaction:
            unknown = await unknown_in(transaction.assortment, command.details)
            pin = await transaction.pins.get(command.pin_id)
            require_version(pin.version, command.expected_version)
            before = pin_facts(pin)
            changed = pin.change(command.details, self.clock.now())
            if unknown is not None:
                raise unknown
            if changed:
                await transaction.pins.save(pin)
                after = pin_facts(pin)
                transaction.audit.record(AuditEntry.changed("pin", pin.id, before, after))
            await transaction.commit()
        return ReplacedPin(pin.id, pin.version)
