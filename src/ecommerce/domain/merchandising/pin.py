"""Pins: products that stand first, for a query or in a category."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ecommerce.domain.merchandising.errors import InvalidPinError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId
from ecommerce.domain.shared.text import sort_key

MAX_QUERY: Final = 200
MAX_PINNED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDetails:
    """What is pinned, in the order it is shown, and for which query or in which category."""

    query: str | None = None
    category_id: CategoryId | None = None
    product_ids: tuple[ProductId, ...]


@dataclass(slots=True, eq=False, kw_only=True)
class Pin:
    """The products that stand first where shoppers look for something.

    A product that leaves the shop leaves its pins; one that lost all its products stays, and pins
    nothing until it is given others.
    """

    id: PinId
    query: str | None
    category_id: CategoryId | None
    product_ids: tuple[ProductId, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(cls, pin_id: PinId, details: PinDetails, at: datetime) -> "Pin":
        """A new pin, or ``InvalidPinError``."""
        told = _checked(details)
        return cls(
            id=pin_id,
            query=told.query,
            category_id=told.category_id,
            product_ids=told.product_ids,
            version=1,
            created_at=at,
            updated_at=at,
        )

    @property
    def query_key(self) -> str | None:
        """What the query is compared by, if it is for one."""
        return None if self.query is None else sort_key(self.query)

    def change(self, details: PinDetails, at: datetime) -> bool:
        """Pin this from now on; whether that changed anything. Raises ``InvalidPinError``."""
        told = _checked(details)
        now = (told.query, told.category_id, told.product_ids)
        if now == (self.query, self.category_id, self.product_ids):
            return False
        self.query, self.category_id, self.product_ids = now
        self.version += 1
        self.updated_at = at
        return True


def _checked(details: PinDetails) -> PinDetails:
    if (details.query is None) == (details.category_id is None):
        raise InvalidPinError("A pin is for a query or for a category, one of the two.")
    if not 1 <= len(details.product_ids) <= MAX_PINNED:
        raise _refused("/product_ids", f"1 to {MAX_PINNED} products are pinned.")
    for place, product_id in enumerate(details.product_ids):
        if product_id in details.product_ids[:place]:
            raise _refused(f"/product_ids/{place}", "is named twice.")
    return PinDetails(
        query=None if details.query is None else _query(details.query),
        category_id=details.category_id,
        product_ids=details.product_ids,
    )


def _query(text: str) -> str:
    query = " ".join(text.split())
    if not sort_key(query):
        raise _refused("/query", "is blank.")
    if len(query) > MAX_QUERY:
        raise _refused("/query", f"has {len(query)} characters; {MAX_QUERY} are the most.")
    if "\0" in query:
        raise _refused("/query", "has a NUL character in it.")
    return query


def _refused(pointer: str, detail: str) -> InvalidPinError:
    return InvalidPinError(f"{pointer.lstrip('/')}: {detail}", Violation(pointer, detail))
