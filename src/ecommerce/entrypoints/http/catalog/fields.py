"""The shapes that catalogue bodies and queries share: bounds on everything."""

from typing import Annotated, Final, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from ecommerce.application.shared.unset import UNSET, UnsetType
from ecommerce.domain.catalog.attributes import (
    MAX_ATTRIBUTE_NAME,
    MAX_ATTRIBUTE_VALUE,
    MAX_ATTRIBUTES,
)
from ecommerce.domain.catalog.wording import MAX_DESCRIPTION, MAX_NAME
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.money import MAX_AMOUNT, Money
from ecommerce.domain.shared.slugs import MAX_SLUG_LENGTH, SLUG_PATTERN
from ecommerce.entrypoints.http.operation import PathParameter

T = TypeVar("T")

_MAX_INTEGER: Final = 2**63 - 1

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
SlugText: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_SLUG_LENGTH,
        pattern=SLUG_PATTERN,
        description="The readable part of the address; made from the name when left out.",
    ),
]
Description: TypeAlias = Annotated[str, Meta(max_length=MAX_DESCRIPTION)]
Amount: TypeAlias = Annotated[
    int, Meta(ge=0, le=MAX_AMOUNT, description="Whole minor units: 19.99 USD is 1999.")
]
AttributeName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_ATTRIBUTE_NAME)]
AttributeScalar: TypeAlias = (
    Annotated[str, Meta(max_length=MAX_ATTRIBUTE_VALUE)]
    | bool
    | Annotated[int, Meta(ge=-_MAX_INTEGER, le=_MAX_INTEGER)]
    | float
)
AttributeField: TypeAlias = (
    AttributeScalar | Annotated[tuple[AttributeScalar, ...], Meta(max_length=100)]
)
AttributesField: TypeAlias = Annotated[
    dict[AttributeName, AttributeField], Meta(max_length=MAX_ATTRIBUTES)
]
Identifier: TypeAlias = Annotated[UUID, Meta(description="An id (UUIDv7).")]

PRODUCT_KEY: Final = PathParameter(
    description="The product's id or slug; an old slug answers 308.", example="trail-runner"
)
PRODUCT_ID: Final = PathParameter(
    description="The product's id.", example="019a8f00-5a00-7000-8000-000000000001", format="uuid"
)
VARIANT_ID: Final = PathParameter(
    description="The variant's id.", example="019a8f00-5a00-7000-8000-000000000002", format="uuid"
)
CATEGORY_KEY: Final = PathParameter(
    description="The category's id or slug; an old slug answers 308.", example="shoes"
)
CATEGORY_ID: Final = PathParameter(
    description="The category's id.", example="019a8f00-5a00-7000-8000-00000000000a", format="uuid"
)


class MoneyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An amount of money."""

    amount: Amount
    currency: Annotated[
        str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217; the shop's own currency.")
    ]

    def money(self) -> Money:
        """As the domain has it."""
        return Money(self.amount, self.currency)


def money_or_none(body: MoneyBody | None) -> Money | None:
    """Money where there is any."""
    return None if body is None else body.money()


def change(value: T | msgspec.UnsetType) -> T | UnsetType:
    """What a merge patch says of a field: its value, or nothing."""
    return UNSET if isinstance(value, msgspec.UnsetType) else value


def category_id(value: UUID | None) -> CategoryId | None:
    """A category's id where there is one."""
    return None if value is None else CategoryId(value)
