"""What the catalogue's rules say of a product that comes in from outside."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
    Problem,
)
from ecommerce.application.catalog.plain_imported import is_plain
from ecommerce.application.shared.unset import UNSET, given
from ecommerce.domain.catalog.attributes import AttributeValue
from ecommerce.domain.catalog.category import MAX_DEPTH
from ecommerce.domain.catalog.errors import CategoryTooDeepError, InvalidDetailsError
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.catalog.wording import MAX_NAME, label
from ecommerce.domain.inventory.movement import MAX_DELTA
from ecommerce.domain.shared.errors import DomainError
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.slugs import Slug

_NOBODY: Final = UUID(int=0)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RefusedError(Exception):
    """The product breaks rules; ``problems`` says which, and where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def checked(product: ImportedProduct, currency: str) -> ImportedProduct:
    """The product in the catalogue's own spelling, or ``RefusedError``.

    The domain's own rules decide: the product is built as if it were new, what it leaves ``UNSET``
    filled in.
    """
    if is_plain(product) and _may_place(product) and _is_currency(currency):
        return product
    return built_and_checked(product, currency)


def built_and_checked(product: ImportedProduct, currency: str) -> ImportedProduct:
    """The same, by building the product whatever it looks like."""
    names = tuple(option.name for option in given(product.options, ()))
    problems: list[Problem] = []
    variants: list[Variant] = []
    for each in product.variants:
        try:
            variants.append(_variant(each, names, currency))
        except DomainError as error:
            problems.append(Problem(each.line, error.detail))
    if problems:
        raise RefusedError(*problems)
    try:
        built = _product(product, variants)
    except DomainError as error:
        raise RefusedError(Problem(product.line, error.detail)) from error
    return _respelled(product, built)


def _variant(variant: ImportedVariant, names: tuple[str, ...], currency: str) -> Variant:
    on_hand, price, compare_at = variant.on_hand, variant.price, variant.compare_at_price
    barcode, weight = variant.barcode, variant.weight_grams
    if on_hand is not UNSET and not 0 <= on_hand <= MAX_DELTA:
        raise InvalidDetailsError(f"on_hand: {on_hand} is not 0 to {MAX_DELTA}.")
    return Variant(
        id=VariantId(_NOBODY),
        sku=variant.sku,
        price=Money(0 if price is UNSET else price, currency),
        options=dict(zip(names, variant.options, strict=True)) if variant.options else {},
        compare_at_price=Money(compare_at, currency) if isinstance(compare_at, int) else None,
        barcode=None if barcode is UNSET else barcode,
        weight_grams=None if weight is UNSET else weight,
    )


def _product(product: ImportedProduct, variants: list[Variant]) -> Product:
    category = given(product.category, None)
    if category is not None:
        _check_path(category)
    attributes: dict[str, AttributeValue | tuple[AttributeValue, ...]] = {
        name: value for name, value in given(product.attributes, {}).items() if value is not None
    }
    return Product.create(
        ProductId(_NOBODY),
        ProductDetails(
            slug=Slug(product.slug),
            name=given(product.name, "-"),
            description=given(product.description, ""),
            brand=given(product.brand, None),
            status=ProductStatus(given(product.status, "active")),
            attributes=attributes,
            tags=given(product.tags, ()),
            options=tuple(Option(each.name, each.values) for each in given(product.options, ())),
            images=tuple(Image(each.url, each.alt) for each in given(product.images, ())),
        ),
        variants,
        _EPOCH,
    )


def _may_place(product: ImportedProduct) -> bool:
    category = given(product.category, None)
    if category is None:
        return True
    try:
        _check_path(category)
    except DomainError:
        return False
    return True


@lru_cache
def _is_currency(currency: str) -> bool:
    try:
        Money(0, currency)
    except DomainError:
        return False
    return True


@lru_cache(maxsize=10_000)
def _check_path(path: CategoryPath) -> None:
    check_category_names(path.names)
    for slug in path.slugs:
        Slug(slug)


def check_category_names(names: tuple[str, ...]) -> None:
    """Refuse a path that the category tree cannot hold."""
    if not 1 <= len(names) <= MAX_DEPTH:
        raise CategoryTooDeepError(f"Categories lie {MAX_DEPTH} levels deep at the most.")
    for name in names:
        label(name, "category", MAX_NAME)


def _respelled(product: ImportedProduct, built: Product) -> ImportedProduct:
    if not built.options and not product.options:
        return product
    options = tuple(ImportedOption(each.name, each.values) for each in built.options)
    spelled = tuple(tuple(each.options.values()) for each in built.variants)
    if (options or given(product.options, ())) != given(product.options, ()) or spelled != tuple(
        each.options for each in product.variants
    ):
        return replace(
            product,
            options=options,
            variants=tuple(
                replace(variant, options=values)
                for variant, values in zip(product.variants, spelled, strict=True)
            ),
        )
    return product
