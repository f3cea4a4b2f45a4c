"""Synonyms and pins in memory."""

import copy
from collections.abc import Sequence
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.domain.merchandising.errors import (
    PinNotFoundError,
    PinTakenError,
    SynonymGroupNotFoundError,
    SynonymTakenError,
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId


class InMemorySynonyms:
    """Groups of synonyms by id; copies go in and out."""

    def __init__(self, tables: Tables) -> None:
        self._groups: Final = tables.synonym_groups

    async def get(self, group_id: SynonymGroupId) -> SynonymGroup:
        """Copy a group out; transactions run one at a time, so it needs no lock."""
        group = self._groups.get(group_id)
        if group is None:
            raise SynonymGroupNotFoundError(f"There is no group of synonyms {group_id}.")
        return copy.deepcopy(group)

    async def add(self, group: SynonymGroup) -> None:
        """Copy a new group in."""
        self._put(group)

    async def save(self, group: SynonymGroup) -> None:
        """Copy a changed group in."""
        self._put(group)

    async def remove(self, group: SynonymGroup) -> None:
        """Drop the group."""
        del self._groups[group.id]

    def _put(self, group: SynonymGroup) -> None:
        taken = {key for each in self._groups.values() if each.id != group.id for key in each.keys}
        violations = [
            Violation(f"/terms/{place}", "stands in another group.")
            for place, key in enumerate(group.keys)
            if key in taken
        ]
        if violations:
            raise SynonymTakenError("A term stands in another group.", *violations)
        self._groups[group.id] = copy.deepcopy(group)


class InMemoryPins:
    """Pins by id; copies go in and out."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def get(self, pin_id: PinId) -> Pin:
        """Copy a pin out."""
        pin = self._tables.pins.get(pin_id)
        if pin is None:
            raise PinNotFoundError(f"There is no pin {pin_id}.")
        return copy.deepcopy(pin)

    async def add(self, pin: Pin) -> None:
        """Copy a new pin in."""
        self._put(pin)

    async def save(self, pin: Pin) -> None:
        """Copy a changed pin in."""
        self._put(pin)

    async def remove(self, pin: Pin) -> None:
        """Drop the pin."""
        del self._tables.pins[pin.id]

    def _put(self, pin: Pin) -> None:
        tables = self._tables
        if pin.category_id is not None and pin.category_id not in tables.categories:
            raise UnknownPinnedCategoryError("The category does not exist.")
        if not tables.products.keys() >= set(pin.product_ids):
            raise UnknownPinnedProductsError("A product does not exist.")
        for each in tables.pins.values():
            if each.id != pin.id and (each.query_key, each.category_id) == (
                pin.query_key,
                pin.category_id,
            ):
                field = "category_id" if pin.query is None else "query"
                raise PinTakenError(
                    f"The {field.partition('_')[0]} has its pin already.",
                    Violation(f"/{field}", "has its pin already."),
                )
        tables.pins[pin.id] = copy.deepcopy(pin)


class InMemoryAssortment:
    """Looks among the catalogue's own."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def has_category(self, category_id: CategoryId) -> bool:
        """Look it up."""
        return category_id in self._tables.categories

    async def missing(self, product_ids: Sequence[ProductId]) -> frozenset[ProductId]:
        """Look each up."""
        return frozenset(id_ for id_ in product_ids if id_ not in self._tables.products)


def unpin_product(tables: Tables, product_id: ProductId) -> None:
    """Take a product that leaves the shop out of its pins."""
    for pin in tables.pins.values():
        pin.product_ids = tuple(id_ for id_ in pin.product_ids if id_ != product_id)


def unpin_category(tables: Tables, category_id: CategoryId) -> None:
    """Drop the pin of a category that leaves the shop."""
    for pin in [pin for pin in tables.pins.values() if pin.category_id == category_id]:
        del tables.pins[pin.id]
