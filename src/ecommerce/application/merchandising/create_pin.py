"""Pin products for a query or in a category."""

from dataclasses import dataclass

from ecommerce.application.merchandising.audited import pin_facts
from ecommerce.application.merchandising.pinned import unknown_in
from ecommerce.application.merchandising.ports import MerchandisingTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.merchandising.pin import Pin, PinDetails
from ecommerce.domain.shared.ids import PinId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePin:
    """What to pin, and where."""

    details: PinDetails


@dataclass(frozen=True, slots=True)
class CreatedPin:
    """What became of it."""

    id: PinId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePinHandler:
    """Pins products that the shop has."""

    transactions: TransactionFactory[MerchandisingTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: CreatePin) -> CreatedPin:
        """Pin them, or raise ``InvalidPinError``, ``PinTakenError``, ``UnknownPinnedCategoryError``
        or ``UnknownPinnedProductsError``, which points at each.
        """
        async with self.transactions() as transaction:
            at = self.clock.now()
            pin = Pin.create(PinId(self.ids.new(at)), command.details, at)
            unknown = await unknown_in(transaction.assortment, command.details)
            if unknown is not None:
                raise unknown
            await transaction.pins.add(pin)
            transaction.audit.record(AuditEntry.created("pin", pin.id, pin_facts(pin)))
            await transaction.commit()
        return CreatedPin(pin.id)
