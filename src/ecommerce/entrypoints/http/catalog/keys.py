"""Ids and slugs in addresses, and what one may see behind them."""

import re
from typing import Final
from uuid import UUID

from ecommerce.application.catalog.queries import CatalogQueries, ProductView, VariantView
from ecommerce.domain.catalog.errors import (
    CategoryNotFoundError,
    ProductNotFoundError,
    VariantNotFoundError,
)
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import MAX_SLUG_LENGTH, SLUG_PATTERN
from ecommerce.entrypoints.http.auth import caller, require, unauthenticated
from ecommerce.entrypoints.http.catalog.product_schemas import STATUSES
from ecommerce.entrypoints.http.request import HttpRequest, uuid_or_none

ACTIVE: Final = ("active",)

_SLUG: Final = re.compile(SLUG_PATTERN)


class Moved(Exception):  # noqa: N818 - not an error: the thing has another address
    """What was asked for has another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug: Final = slug


def key_of(text: str) -> UUID | str | None:
    """An id, a slug, or neither."""
    found = uuid_or_none(text)
    if found is not None:
        return found
    return text if len(text) <= MAX_SLUG_LENGTH and _SLUG.fullmatch(text) else None


def product_id(text: str) -> ProductId:
    """A product's id; a slug or anything else is no product to a write."""
    found = uuid_or_none(text)
    if found is None:
        raise no_product()
    return ProductId(found)


def variant_id(text: str) -> VariantId:
    """A variant's id."""
    found = uuid_or_none(text)
    if found is None:
        raise VariantNotFoundError("The product has no such variant.")
    return VariantId(found)


def category_id(text: str) -> CategoryId:
    """A category's id; a slug or anything else is no category to a write."""
    found = uuid_or_none(text)
    if found is None:
        raise no_category()
    return CategoryId(found)


def no_product() -> ProductNotFoundError:
    """The one sentence for a product that is absent, or not the caller's to see."""
    return ProductNotFoundError("There is no such product.")


def no_category() -> CategoryNotFoundError:
    """The one sentence for an absent category."""
    return CategoryNotFoundError("There is no such category.")


def visible_statuses(request: HttpRequest) -> tuple[str, ...]:
    """What the caller may see of products one by one."""
    actor = caller(request)
    return STATUSES if actor is not None and actor.may(Permission.CATALOG_READ.value) else ACTIVE


def require_reader(request: HttpRequest, parameter: str) -> None:
    """Refuse a parameter to those who see what shoppers see only."""
    actor = caller(request)
    if actor is None:
        raise unauthenticated(f"The parameter {parameter!r} needs an access token.")
    require(actor, Permission.CATALOG_READ)


async def find_product(catalog: CatalogQueries, request: HttpRequest, text: str) -> ProductView:
    """A product by id or slug as the caller may see it; ``Moved`` for an old slug, or 404."""
    statuses = visible_statuses(request)
    key = key_of(text)
    found = None if key is None else await catalog.product(key, statuses=statuses)
    if found is not None:
        return found
    if isinstance(key, str):
        current = await catalog.product_by_old_slug(key, statuses=statuses)
        if current is not None:
            raise Moved(current)
    raise no_product()


async def read_back(catalog: CatalogQueries, which: ProductId) -> ProductView:
    """A product as a write left it."""
    found = await catalog.product(which, statuses=STATUSES)
    if found is None:
        raise no_product()
    return found


def variant_of(product: ProductView, which: VariantId) -> VariantView:
    """One of a product's variants."""
    for variant in product.variants:
        if variant.id == which:
            return variant
    raise VariantNotFoundError("The product has no such variant.")
