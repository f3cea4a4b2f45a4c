"""What can be read of merchandising."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId


@dataclass(frozen=True)
class SynonymGroupView:
    """Terms that find the same."""

    id: SynonymGroupId
    terms: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class PinView:
    """Products that stand first, for a query or in a category."""

    id: PinId
    query: str | None
    category_id: CategoryId | None
    product_ids: tuple[ProductId, ...]
    created_at: datetime
    updated_at: datetime
    version: int


class MerchandisingQueries(Protocol):
    """Reads of synonyms and pins, one statement each.

    Lists are in the order of ids, which is that of creation, so a position's key is ``None``.
    """

    async def synonym_groups(self, term: str | None, page: PageRequest) -> Page[SynonymGroupView]:
        """Groups of synonyms: all, or the one that has a term (case and accents do not count)."""
        ...

    async def synonym_group(self, group_id: SynonymGroupId) -> SynonymGroupView | None:
        """One group of synonyms."""
        ...

    async def pins(self, page: PageRequest) -> Page[PinView]:
        """All pins."""
        ...

    async def pin(self, pin_id: PinId) -> PinView | None:
        """One pin."""
        ...
