"""Bodies and answers of writes in bulk."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.catalog.bulk_items import BulkItem, BulkVariant, ItemResult
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulk
from ecommerce.domain.catalog.product import MAX_VARIANTS
from ecommerce.domain.shared.errors import DomainError, Violation
from ecommerce.domain.shared.ids import ProductId, UserId
from ecommerce.entrypoints.http.catalog.fields import MoneyBody, change, money_or_none
from ecommerce.entrypoints.http.catalog.product_schemas import ChangeProductBody
from ecommerce.entrypoints.http.catalog.variant_schemas import Barcode, Grams, OptionText, Sku
from ecommerce.entrypoints.http.openapi import schemas as wire

MAX_ITEMS: Final = 1_000
BODY_LIMIT: Final = 8 * 1024 * 1024
"""A thousand items of 8 KiB; a usual one has one or two."""


class BulkVariantBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A variant, known by its SKU: absent fields stay, `null` clears, a new one needs a price.

    `on_hand` is what there is to be of it.
    """

    sku: Sku
    price: MoneyBody | UnsetType = UNSET
    options: (
        Annotated[dict[OptionText, OptionText | None], Meta(max_length=20)] | UnsetType | None
    ) = UNSET
    compare_at_price: MoneyBody | UnsetType | None = UNSET
    barcode: Barcode | UnsetType | None = UNSET
    weight_grams: Grams | UnsetType | None = UNSET
    on_hand: Annotated[int, Meta(ge=0, le=1_000_000_000)] | UnsetType = UNSET

    def variant(self) -> BulkVariant:
        """What is to be said of it."""
        return BulkVariant(
            sku=self.sku,
            price=change(self.price if isinstance(self.price, UnsetType) else self.price.money()),
            options=change(self.options),
            compare_at_price=change(
                self.compare_at_price
                if isinstance(self.compare_at_price, UnsetType)
                else money_or_none(self.compare_at_price)
            ),
            barcode=change(self.barcode),
            weight_grams=change(self.weight_grams),
            on_hand=change(self.on_hand),
        )


class BulkItemBody(ChangeProductBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product to create or change: the one that has the `slug`, else the one that has the SKU of
    one of the `variants`, else a new one, which needs a `name` and a variant.

    Absent fields stay, `null` clears; variants that are not mentioned stay.
    """

    variants: Annotated[tuple[BulkVariantBody, ...], Meta(max_length=MAX_VARIANTS)] = ()

    def item(self) -> BulkItem:
        """What is to be said of it."""
        return BulkItem(
            **self.said(), variants=tuple(variant.variant() for variant in self.variants)
        )


class WriteProductsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Products to create or change together."""

    items: Annotated[tuple[BulkItemBody, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    on_error: Annotated[
        Literal["abort", "skip"],
        Meta(
            description="What happens when an item cannot be written: `abort` writes none, `skip` "
            "writes the others."
        ),
    ] = "abort"

    def command(self, actor_id: UserId) -> WriteProductsInBulk:
        """What is to be done."""
        return WriteProductsInBulk(
            items=tuple(_item(index, body) for index, body in enumerate(self.items)),
            on_error=self.on_error,
            actor_id=actor_id,
        )


class ItemErrorView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why an item was not written, told as a problem; `errors` point into the request."""

    code: str
    title: str
    detail: str
    errors: tuple[wire.Violation, ...] = ()


class ItemResultView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the item at `index`: the product's `id` and `slug`, or an `error`."""

    index: int
    status: Literal["created", "updated", "unchanged", "failed"]
    id: ProductId | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    error: ItemErrorView | UnsetType = UNSET


class BulkResults(msgspec.Struct, frozen=True):
    """One result for each item, in order."""

    results: tuple[ItemResultView, ...]


def results_of(results: Iterable[ItemResult]) -> BulkResults:
    """The results as they are told."""
    return BulkResults(tuple(_view(result) for result in results))


def _view(result: ItemResult) -> ItemResultView:
    problem = result.problem
    return ItemResultView(
        index=result.index,
        status=result.status,
        id=UNSET if result.id is None else result.id,
        slug=UNSET if result.slug is None else result.slug,
        error=UNSET
        if problem is None
        else ItemErrorView(
            code=problem.code,
            title=problem.title,
            detail=problem.detail,
            errors=tuple(wire.Violation(v.pointer, v.detail) for v in problem.violations),
        ),
    )


def _item(index: int, body: BulkItemBody) -> BulkItem:
    try:
        return body.item()
    except DomainError as error:
        violations = error.violations or (Violation("", error.detail),)
        at = f"/items/{index}"
        raise type(error)(
            error.detail, *(Violation(at + each.pointer, each.detail) for each in violations)
        ) from error
