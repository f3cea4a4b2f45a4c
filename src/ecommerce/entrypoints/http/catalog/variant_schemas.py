"""Bodies of variants."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.catalog.change_variant import ChangeVariant
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.domain.catalog.options import MAX_OPTION_TEXT, MAX_OPTIONS
from ecommerce.domain.catalog.variant import MAX_SKU
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.versions import ExpectedVersion
from ecommerce.entrypoints.http.catalog.fields import MoneyBody, change, money_or_none

Sku: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_SKU)]
Barcode: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Grams: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000_000)]
OptionText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_OPTION_TEXT)]


class NewVariantBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A variant to put on sale."""

    sku: Sku
    price: MoneyBody
    options: Annotated[dict[OptionText, OptionText], Meta(max_length=MAX_OPTIONS)] = msgspec.field(
        default_factory=dict
    )
    compare_at_price: MoneyBody | None = None
    barcode: Barcode | None = None
    weight_grams: Grams | None = None
    on_hand: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0

    def new_variant(self) -> NewVariant:
        """What is to be put on sale."""
        return NewVariant(
            sku=self.sku,
            price=self.price.money(),
            options=self.options,
            compare_at_price=money_or_none(self.compare_at_price),
            barcode=self.barcode,
            weight_grams=self.weight_grams,
            on_hand=self.on_hand,
        )


class ChangeVariantBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a variant (merge patch): absent stays, `null` clears. An amount of money is
    one value: it is sent whole.
    """

    sku: Sku | UnsetType = UNSET
    price: MoneyBody | UnsetType = UNSET
    options: (
        Annotated[dict[OptionText, OptionText | None], Meta(max_length=2 * MAX_OPTIONS)]
        | UnsetType
        | None
    ) = UNSET
    compare_at_price: MoneyBody | UnsetType | None = UNSET
    barcode: Barcode | UnsetType | None = UNSET
    weight_grams: Grams | UnsetType | None = UNSET

    def command(
        self, product_id: ProductId, variant_id: VariantId, expected_version: ExpectedVersion
    ) -> ChangeVariant:
        """What is to be done."""
        return ChangeVariant(
            product_id=product_id,
            variant_id=variant_id,
            expected_version=expected_version,
            sku=change(self.sku),
            price=change(self.price if isinstance(self.price, UnsetType) else self.price.money()),
            options=change(self.options),
            compare_at_price=change(
                self.compare_at_price
                if isinstance(self.compare_at_price, UnsetType)
                else money_or_none(self.compare_at_price)
            ),
            barcode=change(self.barcode),
            weight_grams=change(self.weight_grams),
        )
