"""The catalogue's and the inventory's use cases over the memory adapters."""

from dataclasses import dataclass, field

from tests.support.clocks import SCRIBE, FixedClock
from tests.support.goods import usd

from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.add_variant import AddVariantHandler
from ecommerce.application.catalog.change_category import ChangeCategoryHandler
from ecommerce.application.catalog.change_product import ChangeProductHandler
from ecommerce.application.catalog.change_variant import ChangeVariantHandler
from ecommerce.application.catalog.create_category import CreateCategoryHandler
from ecommerce.application.catalog.create_product import CreateProductHandler
from ecommerce.application.catalog.delete_category import DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProductHandler
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.application.catalog.remove_variant import RemoveVariantHandler
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler
from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId


@dataclass
class CatalogOffice:
    """Every use case, and the state they leave."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        transactions, ids, slugs = (
            InMemoryTransactions(self.store, SCRIBE),
            Uuid7Ids(),
            PythonSlugs(),
        )
        clock, currency = self.clock, "USD"
        self.create_product = CreateProductHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency=currency
        )
        self.change_product = ChangeProductHandler(transactions=transactions, clock=clock)
        self.delete_product = DeleteProductHandler(transactions=transactions)
        self.write_in_bulk = WriteProductsInBulkHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency=currency
        )
        self.add_variant = AddVariantHandler(
            transactions=transactions, clock=clock, ids=ids, currency=currency
        )
        self.change_variant = ChangeVariantHandler(
            transactions=transactions, clock=clock, currency=currency
        )
        self.remove_variant = RemoveVariantHandler(transactions=transactions, clock=clock)
        self.create_category = CreateCategoryHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs
        )
        self.change_category = ChangeCategoryHandler(transactions=transactions, clock=clock)
        self.delete_category = DeleteCategoryHandler(transactions=transactions)
        self.adjust_stock = AdjustStockHandler(transactions=transactions, clock=clock, ids=ids)

    @property
    def state(self) -> Tables:
        """What is committed."""
        return self.store.committed

    def product(self, product_id: ProductId) -> Product:
        """A product as it is committed."""
        return self.state.products[product_id]

    def category(self, category_id: CategoryId) -> Category:
        """A category as it is committed."""
        return self.state.categories[category_id]

    def stock(self, variant_id: VariantId) -> StockItem:
        """A variant's stock as it is committed."""
        return self.state.stock[variant_id]


def a_new_variant(sku: str = "MUG-1", amount: int = 1250, on_hand: int = 0) -> NewVariant:
    """A variant to put on sale."""
    return NewVariant(sku=sku, price=usd(amount), on_hand=on_hand)
