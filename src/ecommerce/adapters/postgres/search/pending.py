"""Products that changed since the segments were made, looked at one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.search.segment import SourceRow, name_and_value
from ecommerce.application.catalog.search.filters import FilteredProduct
from ecommerce.application.catalog.search.product import SearchedText, searched_text
from ecommerce.application.catalog.search.words import Analyzer, ProductWords

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PendingProduct:
    """A product that changed, as it is now; where its category lies is said by the tree."""

    row: SourceRow
    terms: frozenset[tuple[str, str]]
    said: SearchedText
    words: frozenset[str]

    def placed(self, path: tuple[UUID, ...]) -> FilteredProduct:
        """What filters look at."""
        row = self.row
        return FilteredProduct(
            id=row.product_id,
            status=row.status,
            path=path,
            price=row.price,
            in_stock=row.in_stock,
            brand=row.brand,
            terms=self.terms,
            created_at=created_at(row.product_id),
        )


def pending_product(row: SourceRow, analyzer: Analyzer) -> PendingProduct:
    """Prepare a product for being looked at by each search."""
    fields = (tuple(text.split()) for text in (row.title, row.facts, row.body))
    words = ProductWords(*fields)
    return PendingProduct(
        row=row,
        terms=frozenset(map(name_and_value, row.terms)),
        said=searched_text(words, analyzer),
        words=frozenset((*words.title, *words.facts, *words.body)),
    )


def created_at(product_id: UUID) -> datetime:
    """When a product was created, as its id says (UUIDv7, RFC 9562)."""
    return _EPOCH + timedelta(milliseconds=product_id.int >> 80)
