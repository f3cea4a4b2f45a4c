"""What asks the same is one key; what asks anything else is another."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from ecommerce.adapters.cache.keys import key_of, listing_key, thing_key
from ecommerce.application.catalog.queries import (
    AttributeFilter,
    ListingOptions,
    ProductFilter,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest, Position

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL = ProductFilter(
    text="mug",
    statuses=("active", "draft"),
    categories=("a", "b"),
    price_min=1,
    price_max=2,
    in_stock=True,
    brands=("x", "y"),
    attributes=(AttributeFilter("colour", ("red", "blue")), AttributeFilter("size", ("1",))),
    created_after=NOON,
)
OTHER_FILTERS: dict[str, object] = {
    "text": "Mug",
    "statuses": ("active",),
    "categories": ("a",),
    "price_min": 2,
    "price_max": 3,
    "in_stock": False,
    "brands": ("x",),
    "attributes": (AttributeFilter("colour", ("red",)), AttributeFilter("size", ("1",))),
    "created_after": NOON + timedelta(microseconds=1),
}
OTHER_OPTIONS: dict[str, object] = {
    "facets": ("brand",),
    "pins": True,
    "in_stock_first": True,
    "explain": True,
}
OTHER_PAGES = (
    PageRequest(limit=21),
    PageRequest(include_total=True),
    PageRequest(position=Position(1, UUID(int=1))),
    PageRequest(position=Position("1", UUID(int=1))),
    PageRequest(position=Position(None, UUID(int=1))),
    PageRequest(position=Position(1, UUID(int=2))),
    PageRequest(position=Position(1, UUID(int=1), backward=True)),
)


def key(
    criteria: ProductFilter = FULL,
    sort: ProductSort = ProductSort.NAME,
    page: PageRequest = PageRequest(),  # noqa: B008 - frozen
    options: ListingOptions = ListingOptions(),  # noqa: B008 - frozen
) -> bytes:
    return listing_key(criteria, sort, page, options)


def test_order_and_repetition_do_not_matter_where_any_value_will_do() -> None:
    same = replace(
        FULL,
        statuses=("draft", "active", "draft"),
        categories=("b", "a", "a"),
        brands=("y", "x"),
        attributes=(
            AttributeFilter("size", ("1", "1")),
            AttributeFilter("colour", ("blue", "red")),
        ),
        created_after=NOON.astimezone(timezone(timedelta(hours=5))),
    )
    assert key(same) == key()


def test_every_field_is_part_of_the_key() -> None:
    assert set(OTHER_FILTERS) == {field.name for field in fields(ProductFilter)}
    assert set(OTHER_OPTIONS) == {field.name for field in fields(ListingOptions)}
    keys = [
        key(),
        *(key(replace(FULL, **{n: v})) for n, v in OTHER_FILTERS.items()),  # type: ignore[arg-type]
        *(key(sort=sort) for sort in ProductSort if sort is not ProductSort.NAME),
        *(key(page=page) for page in OTHER_PAGES),
        *(
            key(options=replace(ListingOptions(), **{n: v}))  # type: ignore[arg-type]
            for n, v in OTHER_OPTIONS.items()
        ),
    ]
    assert len(set(keys)) == len(keys)


def test_two_conditions_on_one_attribute_stay_two() -> None:
    twice = (AttributeFilter("colour", ("red",)), AttributeFilter("colour", ("blue",)))
    once = (AttributeFilter("colour", ("red", "blue")),)
    assert key(replace(FULL, attributes=twice)) != key(replace(FULL, attributes=once))


def test_a_slug_that_reads_like_an_id_is_not_that_id() -> None:
    assert key_of("product", thing_key(UUID(int=1))) != key_of("product", str(UUID(int=1)))
    assert key_of("product", "a") != key_of("category", "a")
