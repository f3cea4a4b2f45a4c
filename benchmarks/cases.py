"""What is measured: reads of the catalogue, each as a request and as a call of the query port."""

from typing import Literal
from uuid import UUID

import msgspec

from ecommerce.application.catalog.queries import CatalogQueries, ProductFilter, ProductSort
from ecommerce.application.shared.paging import PageRequest, Position

STATUSES = ("active",)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One read: ``path`` asks the shop for it, ``ask`` asks the query port."""

    name: str
    path: str
    kind: Literal["listing", "product", "tree"]
    group: str
    sort: ProductSort = ProductSort.CREATED_AT_DESC
    category: str | None = None
    key: int | str | None = None
    id: UUID | None = None
    slug: str = ""
    depth: int = 3

    async def ask(self, queries: CatalogQueries) -> None:
        """Do through the port what the path does through HTTP."""
        if self.kind == "listing":
            position = None if self.id is None else Position(self.key, self.id)
            await queries.list_products(
                ProductFilter(categories=() if self.category is None else (self.category,)),
                self.sort,
                PageRequest(limit=20, position=position),
            )
        elif self.kind == "product":
            await queries.product(self.slug, statuses=STATUSES)
        else:
            await queries.category_tree(None, self.depth)


def cases_of(text: bytes) -> list[Case]:
    """Read cases as ``cases_text`` wrote them."""
    return msgspec.json.decode(text, type=list[Case])


def cases_text(cases: list[Case]) -> bytes:
    """Write cases for another process."""
    return msgspec.json.encode(cases)
