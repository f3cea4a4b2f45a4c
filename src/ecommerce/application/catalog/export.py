"""The port that reads the whole catalogue out."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from ecommerce.application.catalog.imported import ImportedProduct


@dataclass(frozen=True, slots=True)
class CatalogContents:
    """How much there is to read out: products, and the most options that one of them has."""

    products: int
    most_options: int


class CatalogSnapshot(Protocol):
    """The catalogue as it was at one instant."""

    async def contents(self) -> CatalogContents:
        """How much there is."""
        ...

    def products(self) -> AsyncIterator[ImportedProduct]:
        """All products whole, oldest first; never all of them in memory."""
        ...

    async def category_paths(self) -> tuple[tuple[str, ...], ...]:
        """The names on the path of every category, parents before children."""
        ...


class CatalogExport(Protocol):
    """Opens snapshots."""

    def snapshot(self) -> AbstractAsyncContextManager[CatalogSnapshot]:
        """One instant, for as long as the block lasts."""
        ...
