"""What the catalogue's routes need."""

from dataclasses import dataclass

from ecommerce.application.catalog.add_variant import AddVariantHandler
from ecommerce.application.catalog.change_category import ChangeCategoryHandler
from ecommerce.application.catalog.change_product import ChangeProductHandler
from ecommerce.application.catalog.change_variant import ChangeVariantHandler
from ecommerce.application.catalog.create_category import CreateCategoryHandler
from ecommerce.application.catalog.create_product import CreateProductHandler
from ecommerce.application.catalog.delete_category import DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProductHandler
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.application.catalog.remove_variant import RemoveVariantHandler
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogServices:
    """Use cases and reads of the catalogue; each field is a dependency of its name."""

    catalog: CatalogQueries
    past_queries: PastQueries
    create_product: CreateProductHandler
    change_product: ChangeProductHandler
    delete_product: DeleteProductHandler
    write_products_in_bulk: WriteProductsInBulkHandler
    add_variant: AddVariantHandler
    change_variant: ChangeVariantHandler
    remove_variant: RemoveVariantHandler
    create_category: CreateCategoryHandler
    change_category: ChangeCategoryHandler
    delete_category: DeleteCategoryHandler
