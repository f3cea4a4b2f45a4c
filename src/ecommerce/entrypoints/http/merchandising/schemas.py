"""Bodies, queries and pages of synonyms and pins."""

from typing import Annotated, Final, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.merchandising.queries import PinView, SynonymGroupView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.merchandising.pin import MAX_PINNED, MAX_QUERY, PinDetails
from ecommerce.domain.merchandising.synonym_group import MAX_TERM, MAX_TERMS, MIN_TERMS
from ecommerce.domain.shared.ids import CategoryId, ProductId
from ecommerce.entrypoints.http.paging import PageQuery

Term: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_TERM,
        description="1 to 5 words with a letter or digit in them; compared without regard to case "
        "and accents.",
    ),
]


class SetSynonymGroupBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All the terms that mean the same."""

    terms: Annotated[
        tuple[Term, ...],
        Meta(
            min_length=MIN_TERMS,
            max_length=MAX_TERMS,
            description="Each once; a term stands in one group only.",
        ),
    ]


class SetPinBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a pin says: `query` or `category_id`, one of the two, and the products."""

    product_ids: Annotated[
        tuple[UUID, ...],
        Meta(
            min_length=1,
            max_length=MAX_PINNED,
            description="Ids of products, each once, in the order they are shown.",
        ),
    ]
    query: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=MAX_QUERY,
                description="What shoppers search for; compared without regard to case and "
                "accents.",
            ),
        ]
        | None
    ) = None
    category_id: Annotated[UUID, Meta(description="The id of a category.")] | None = None

    def details(self) -> PinDetails:
        """As the domain has it."""
        return PinDetails(
            query=self.query,
            category_id=None if self.category_id is None else CategoryId(self.category_id),
            product_ids=tuple(map(ProductId, self.product_ids)),
        )


class SynonymGroupsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which groups of synonyms to list."""

    term: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=MAX_TERM,
                description="Only the group that has this term; case and accents do not count.",
            ),
        ]
        | None
    ) = None


class SynonymGroupPage(msgspec.Struct, frozen=True):
    """Some groups of synonyms in order; `total` is there when asked for."""

    items: tuple[SynonymGroupView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


class PinPage(msgspec.Struct, frozen=True):
    """Some pins in order; `total` is there when asked for."""

    items: tuple[PinView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


_CREATED: Final = "2026-01-05T09:30:00Z"
_PRODUCTS: Final = [
    "019a8f00-5a00-7000-8000-000000000001",
    "019a8f00-5a00-7000-8000-000000000003",
]

SET_SYNONYM_GROUP: Final = {"terms": ["rucksack", "backpack", "back pack"]}
SYNONYM_GROUP: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000d01",
    **SET_SYNONYM_GROUP,
    "created_at": _CREATED,
    "updated_at": _CREATED,
    "version": 1,
}
SYNONYM_GROUP_PAGE: Final = {
    "items": [SYNONYM_GROUP],
    "next_cursor": None,
    "previous_cursor": None,
}
SET_PIN_OF_QUERY: Final = {"query": "trail shoes", "product_ids": _PRODUCTS}
SET_PIN_OF_CATEGORY: Final = {
    "category_id": "019a8f00-5a00-7000-8000-00000000000a",
    "product_ids": _PRODUCTS,
}
PIN: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000e01",
    "query": "trail shoes",
    "category_id": None,
    "product_ids": _PRODUCTS,
    "created_at": _CREATED,
    "updated_at": _CREATED,
    "version": 1,
}
PIN_PAGE: Final = {"items": [PIN], "next_cursor": None, "previous_cursor": None}
