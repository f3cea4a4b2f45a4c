"""Whether what is to be pinned is there."""

from ecommerce.application.merchandising.ports import Assortment
from ecommerce.domain.merchandising.errors import (
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.merchandising.pin import PinDetails
from ecommerce.domain.shared.errors import DomainError, Violation


async def unknown_in(assortment: Assortment, details: PinDetails) -> DomainError | None:
    """The error for a category or products that do not exist, none when all are there to stay
    until the transaction ends: ``UnknownPinnedCategoryError`` or ``UnknownPinnedProductsError``.

    It is given and not raised: these locks come before the pin's own, and a pin that does not exist
    is the first thing to tell.
    """
    if details.category_id is not None and not await assortment.has_category(details.category_id):
        detail = f"There is no category {details.category_id}."
        return UnknownPinnedCategoryError(detail, Violation("/category_id", detail))
    missing = await assortment.missing(details.product_ids)
    if not missing:
        return None
    return UnknownPinnedProductsError(
        f"{len(missing)} of the products do not exist.",
        *(
            Violation(f"/product_ids/{place}", f"There is no product {product_id}.")
            for place, product_id in enumerate(details.product_ids)
            if product_id in missing
        ),
    )
