"""Product cards from rows, a page at a time."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Row
from ecommerce.application.catalog.queries import CategoryRef, ImageView, ProductCard
from ecommerce.domain.shared.money import Money

CARD_COLUMNS: Final = 15


def card_columns(card: sa.FromClause, category: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    """What ``cards_of`` reads, in its order, of a listing and its category."""
    return (
        card.c.product_id, card.c.slug, card.c.name, card.c.brand, card.c.status,
        category.c.id, category.c.slug, category.c.name,
        card.c.price, card.c.compare_at_price, card.c.price_max, card.c.in_stock,
        card.c.image_url, card.c.image_alt, card.c.created_at,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def money(amount: int, currency: str) -> Money:
    """Have one ``Money`` for each amount: prices repeat, and checking them again costs."""
    return Money(amount, currency)


def cards_of(rows: Sequence[Row], currency: str) -> tuple[ProductCard, ...]:
    """Make the cards of a page.

    A frozen dataclass sets its fields one by one through ``object.__setattr__``; it gets its
    dictionary whole here, in a tenth of the time.
    """
    categories: dict[str | None, CategoryRef | None] = {None: None}
    cards = []
    for row in rows:
        card = object.__new__(ProductCard)
        object.__setattr__(card, "__dict__", _fields(row, currency, categories))
        cards.append(card)
    return tuple(cards)


def _fields(
    row: Row, currency: str, categories: dict[str | None, CategoryRef | None]
) -> dict[str, object]:
    (
        id_, slug, name, brand, status, category_id, category_slug, category_name,
        price, compare_at_price, price_max, in_stock, image_url, image_alt, created_at,
    ) = row[:CARD_COLUMNS]  # fmt: skip
    if category_slug not in categories:
        categories[category_slug] = CategoryRef(category_id, category_slug, category_name)
    return {
        "id": id_,
        "slug": slug,
        "name": name,
        "brand": brand,
        "status": status,
        "category": categories[category_slug],
        "price": money(price, currency),
        "compare_at_price": None if compare_at_price is None else money(compare_at_price, currency),
        "price_max": money(price_max, currency),
        "in_stock": in_stock,
        "image": None if image_url is None else ImageView(image_url, image_alt),
        "created_at": created_at,
    }
