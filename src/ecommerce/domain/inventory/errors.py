"""What can stand in the way of a change to the stock."""

from ecommerce.domain.shared.errors import ConflictError, InvalidValueError, NotFoundError


class SkuNotFoundError(NotFoundError):
    """No variant of the shop has this SKU. Check its spelling (case does not count); a SKU that was
    changed is known by its new one only.
    """

    code = "sku_not_found"
    title = "No such SKU"


class StockReservedError(ConflictError):
    """On hand would fall below what is reserved for orders, or below nothing. Read the stock again
    and take away less, or release what is reserved first.
    """

    code = "stock_reserved"
    title = "On hand cannot fall below what is reserved"


class InvalidMovementError(InvalidValueError):
    """A movement of stock adds or takes away something, 1,000,000,000 at once at the most, leaves
    no more than 1,000,000,000,000 on hand, and says why in 200 characters at the most.
    """

    code = "invalid_movement"
    title = "Not a movement of stock"
