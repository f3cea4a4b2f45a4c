"""Pages of the catalogue, as the OpenAPI document describes them."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.catalog.facets import CategoryFacetValue, FacetValue, PriceFacet
from ecommerce.application.catalog.queries import CategoryView, Explanation, ProductCard
from ecommerce.application.shared.paging import Total


class Facets(msgspec.Struct, frozen=True):
    """How many products have what, for each facet asked for that some product has.

    Values come with the most frequent first; an amount is in minor units.
    """

    category: tuple[CategoryFacetValue, ...] | UnsetType = UNSET
    brand: tuple[FacetValue, ...] | UnsetType = UNSET
    price: PriceFacet | UnsetType = UNSET
    attr: (
        Annotated[tuple[FacetValue, ...], Meta(extra_json_schema={"x-pattern": r"^attr\..+"})]
        | UnsetType
    ) = UNSET


class ProductPage(msgspec.Struct, frozen=True):
    """Some product cards in order; `total`, `facets` and `explanations` are there when asked for,
    an explanation for each of the cards.
    """

    items: tuple[ProductCard, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET
    facets: Facets | UnsetType = UNSET
    explanations: tuple[Explanation, ...] | UnsetType = UNSET


class CategoryPage(msgspec.Struct, frozen=True):
    """Some categories in order; `total` is there when asked for."""

    items: tuple[CategoryView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET
