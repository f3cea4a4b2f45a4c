"""Queries that list, search and suggest products."""

from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from ecommerce.application.catalog.queries import (
    AttributeFilter,
    ListingOptions,
    ProductFilter,
    ProductSort,
)
from ecommerce.domain.shared.text import composed
from ecommerce.entrypoints.http.catalog.fields import Amount, AttributeName
from ecommerce.entrypoints.http.catalog.product_schemas import Brand, Status
from ecommerce.entrypoints.http.paging import PageQuery
from ecommerce.entrypoints.http.query import wrong_parameter

MAX_FACETS: Final = 20

# `(?!\n)`: Python's `$` matches before a line's end, too.
FacetName: TypeAlias = Annotated[
    str, Meta(max_length=69, pattern=r"^(category|brand|price|attr\.[^,\u0000]+)(?!\n)$")
]


class ProductQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which products to list, and in which order."""

    category: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
        Meta(
            max_length=50,
            description="Ids or slugs; products of any of them or of what lies below. A category "
            "that does not exist gives an empty list.",
        ),
    ] = ()
    price_min: Annotated[Amount, Meta(description="Minor units, compared with `price`.")] | None = (
        None
    )
    price_max: Annotated[Amount, Meta(description="Minor units, compared with `price`.")] | None = (
        None
    )
    in_stock: Annotated[bool, Meta(description="Whether it can be bought now.")] | None = None
    brand: Annotated[
        tuple[Brand, ...], Meta(max_length=50, description="Any of these brands.")
    ] = ()
    attr: Annotated[
        dict[
            AttributeName,
            Annotated[
                tuple[Annotated[str, Meta(max_length=255)], ...],
                Meta(max_length=50),
            ],
        ],
        Meta(
            max_length=20,
            description="`attr.{name}=value`, e.g. `attr.colour=red`: any value of one name, all "
            "names.",
        ),
    ] = msgspec.field(default_factory=dict)
    created_after: (
        Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset.")] | None
    ) = None
    status: Annotated[
        tuple[Status, ...],
        Meta(max_length=3, description="Needs `catalog:read`; others see `active` only."),
    ] = ()
    q: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=16_384,
                description='What to search for: words, "phrases in quotes", -words that are not '
                "wanted, or a SKU or barcode. Inflections, synonyms, beginnings of the last word "
                "and typing errors are forgiven. Any text is good.",
            ),
        ]
        | None
    ) = None
    sort: (
        Annotated[
            Literal["relevance", "name", "-name", "price", "-price", "created_at", "-created_at"],
            Meta(
                description="The order; `-` is descending. Every order ends with the id. Left out, "
                "it is `relevance` with `q` and `-created_at` without, and what staff pinned comes "
                "first, as it does with `relevance`.",
            ),
        ]
        | None
    ) = None
    in_stock_first: Annotated[
        bool, Meta(description="Whether what cannot be bought now comes last.")
    ] = False
    facets: Annotated[
        tuple[FacetName, ...],
        Meta(
            max_length=MAX_FACETS,
            description="What to count, with commas between: `category`, `brand`, `price`, "
            "`attr.{name}`. Each is counted with every filter but its own.",
            extra={"x-comma": True},
            extra_json_schema={"x-comma": True},
        ),
    ] = ()
    explain: Annotated[
        bool, Meta(description="Whether to say how each score came about. Needs `catalog:read`.")
    ] = False

    def criteria(self) -> ProductFilter:
        """Which products, as the catalogue's queries have it."""
        return ProductFilter(
            text=self.q,
            statuses=self.status or ("active",),
            categories=self.category,
            price_min=self.price_min,
            price_max=self.price_max,
            in_stock=self.in_stock,
            brands=tuple(map(composed, self.brand)),
            attributes=tuple(
                AttributeFilter(composed(name), tuple(map(composed, values)))
                for name, values in self.attr.items()
            ),
            created_after=self.created_after,
        )

    def order(self) -> ProductSort:
        """The order asked for, or that of a listing of this kind; refuses relevance to nothing."""
        if self.sort is not None:
            if self.sort == ProductSort.RELEVANCE.value and self.q is None:
                raise wrong_parameter("sort", "'relevance' needs a text to search for: add 'q'.")
            return ProductSort(self.sort)
        return ProductSort.CREATED_AT_DESC if self.q is None else ProductSort.RELEVANCE

    def options(self) -> ListingOptions:
        """What is asked for beside cards."""
        return ListingOptions(
            facets=tuple(dict.fromkeys(map(composed, self.facets))),
            pins=self.sort in (None, ProductSort.RELEVANCE.value),
            in_stock_first=self.in_stock_first,
            explain=self.explain,
        )


class SuggestQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that is being typed."""

    q: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            description="What was typed so far; the last word may be half a word.",
        ),
    ]
    limit: Annotated[
        int, Meta(ge=1, le=10, description="How many of each kind there are at the most.")
    ] = 5
