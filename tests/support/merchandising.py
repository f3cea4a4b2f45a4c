"""Merchandising's use cases over the memory adapters, and things to steer the search with."""

from dataclasses import dataclass
from uuid import UUID

from tests.support.catalog import CatalogOffice, a_new_variant
from tests.support.clocks import SCRIBE
from tests.support.goods import NOON, new_id
from typing_extensions import override

from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.catalog.create_category import CreateCategory
from ecommerce.application.catalog.create_product import CreateProduct
from ecommerce.application.merchandising.create_pin import CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import CreateSynonymGroupHandler
from ecommerce.application.merchandising.delete_pin import DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import DeleteSynonymGroupHandler
from ecommerce.application.merchandising.replace_pin import ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import ReplaceSynonymGroupHandler
from ecommerce.domain.merchandising.pin import Pin, PinDetails
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId


@dataclass
class MerchandisingOffice(CatalogOffice):
    """The catalogue's use cases, and those that steer what is found in it."""

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        transactions, ids, clock = InMemoryTransactions(self.store, SCRIBE), Uuid7Ids(), self.clock
        self.create_synonyms = CreateSynonymGroupHandler(
            transactions=transactions, clock=clock, ids=ids
        )
        self.replace_synonyms = ReplaceSynonymGroupHandler(transactions=transactions, clock=clock)
        self.delete_synonyms = DeleteSynonymGroupHandler(transactions=transactions)
        self.create_pin = CreatePinHandler(transactions=transactions, clock=clock, ids=ids)
        self.replace_pin = ReplacePinHandler(transactions=transactions, clock=clock)
        self.delete_pin = DeletePinHandler(transactions=transactions)

    async def a_product(self, sku: str) -> ProductId:
        """Put a product on sale."""
        made = await self.create_product(CreateProduct(name="Mug", variants=(a_new_variant(sku),)))
        return made.id

    async def a_category(self, name: str) -> CategoryId:
        """Open a category."""
        return (await self.create_category(CreateCategory(name=name))).id


def a_group(*terms: str, group_id: UUID | None = None) -> SynonymGroup:
    """A group of synonyms."""
    return SynonymGroup.create(SynonymGroupId(group_id or new_id()), terms, NOON)


def a_pin(
    *product_ids: ProductId,
    query: str | None = None,
    category: CategoryId | None = None,
    pin_id: UUID | None = None,
) -> Pin:
    """A pin for a query or in a category."""
    details = PinDetails(query=query, category_id=category, product_ids=product_ids)
    return Pin.create(PinId(pin_id or new_id()), details, NOON)
