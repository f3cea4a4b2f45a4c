"""Pages of the catalogue, as the OpenAPI document describes them."""

import msgspec
from msgspec import UNSET, UnsetType

from ecommerce.application.catalog.queries import CategoryView, ProductCard
from ecommerce.application.shared.paging import Total


class ProductPage(msgspec.Struct, frozen=True):
    """Some product cards in order; `total` is there when asked for."""

    items: tuple[ProductCard, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


class CategoryPage(msgspec.Struct, frozen=True):
    """Some categories in order; `total` is there when asked for."""

    items: tuple[CategoryView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET
