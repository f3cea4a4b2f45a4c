"""What merchandising's use cases need from outside."""

from collections.abc import Sequence
from typing import Protocol

from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId


class Synonyms(Protocol):
    """The groups of synonyms.

    ``add`` and ``save`` raise ``SynonymTakenError`` for a term that stands in another group.
    """

    async def get(self, group_id: SynonymGroupId) -> SynonymGroup:
        """A group, locked until the transaction ends, or ``SynonymGroupNotFoundError``."""
        ...

    async def add(self, group: SynonymGroup) -> None:
        """Keep a new group."""
        ...

    async def save(self, group: SynonymGroup) -> None:
        """Keep the changes of a group that ``get`` gave."""
        ...

    async def remove(self, group: SynonymGroup) -> None:
        """Forget a group that ``get`` gave; its terms are free again."""
        ...


class Pins(Protocol):
    """The pins. A product or category that leaves the shop leaves them by itself.

    ``add`` and ``save`` raise ``PinTakenError`` for a query or category that has its pin already,
    ``UnknownPinnedCategoryError`` and ``UnknownPinnedProductsError`` for what does not exist.
    """

    async def get(self, pin_id: PinId) -> Pin:
        """A pin, locked until the transaction ends, or ``PinNotFoundError``."""
        ...

    async def add(self, pin: Pin) -> None:
        """Keep a new pin."""
        ...

    async def save(self, pin: Pin) -> None:
        """Keep the changes of a pin that ``get`` gave."""
        ...

    async def remove(self, pin: Pin) -> None:
        """Forget a pin that ``get`` gave."""
        ...


class Assortment(Protocol):
    """What the shop sells and under which categories, as far as pins have to know.

    Asked before any ``get`` of a pin: whoever deletes a category or a product locks that first and
    its pins after it.
    """

    async def has_category(self, category_id: CategoryId) -> bool:
        """Whether there is such a category; one that is there stays until the transaction ends."""
        ...

    async def missing(self, product_ids: Sequence[ProductId]) -> frozenset[ProductId]:
        """Those of the products that do not exist; the others stay until the transaction ends."""
        ...


class MerchandisingTransaction(AuditedTransaction, Protocol):
    """A transaction on what steers the search."""

    @property
    def synonyms(self) -> Synonyms:
        """The groups of synonyms."""
        ...

    @property
    def pins(self) -> Pins:
        """The pins."""
        ...

    @property
    def assortment(self) -> Assortment:
        """What there is to pin."""
        ...
