"""Reads of synonyms and pins from memory."""

from typing import Final

from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.merchandising.queries import PinView, SynonymGroupView
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import PinId, SynonymGroupId
from ecommerce.domain.shared.text import sort_key


class InMemoryMerchandisingQueries:
    """Looks at everything, each time."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def synonym_groups(self, term: str | None, page: PageRequest) -> Page[SynonymGroupView]:
        """Cut a page out of the groups, or out of the one that has the term."""
        groups = self._transactions.visible.synonym_groups.values()
        found = [_group(g) for g in groups if term is None or sort_key(term) in g.keys]
        return page_of(found, page, lambda each: (None, each.id))

    async def synonym_group(self, group_id: SynonymGroupId) -> SynonymGroupView | None:
        """Look up by id."""
        group = self._transactions.visible.synonym_groups.get(group_id)
        return None if group is None else _group(group)

    async def pins(self, page: PageRequest) -> Page[PinView]:
        """Cut a page out of all pins."""
        pins = [_pin(pin) for pin in self._transactions.visible.pins.values()]
        return page_of(pins, page, lambda each: (None, each.id))

    async def pin(self, pin_id: PinId) -> PinView | None:
        """Look up by id."""
        pin = self._transactions.visible.pins.get(pin_id)
        return None if pin is None else _pin(pin)


def _group(group: SynonymGroup) -> SynonymGroupView:
    return SynonymGroupView(
        id=group.id,
        terms=group.terms,
        created_at=group.created_at,
        updated_at=group.updated_at,
        version=group.version,
    )


def _pin(pin: Pin) -> PinView:
    return PinView(
        id=pin.id,
        query=pin.query,
        category_id=pin.category_id,
        product_ids=pin.product_ids,
        created_at=pin.created_at,
        updated_at=pin.updated_at,
        version=pin.version,
    )
