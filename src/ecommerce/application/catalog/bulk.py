"""The port that writes products and categories by the thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ecommerce.application.catalog.imported import CategoryPath, ImportedProduct, Problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """A product of a batch that was left out whole: its place in the batch, and why."""

    index: int
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """What became of a batch's products."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    categories_created: int = 0
    refusals: tuple[Refusal, ...] = ()


class BulkCatalog(Protocol):
    """Writes many products at a time, each batch in a transaction of its own.

    One run of it is one file: a slug that came in an earlier batch of the run is refused. A batch
    may be handed over before the last one is written; they are written in the order given.
    """

    async def write(self, products: Sequence[ImportedProduct], *, dry_run: bool) -> BatchOutcome:
        """Create the products that are new, change those that differ, and leave the rest untouched.

        A product is known by its slug and its variants by their SKUs, without regard to case.
        Missing categories are made. A product is refused whole when it lacks what a new one needs,
        takes a slug or SKU of another, leaves out a variant that the shop has, or would bring stock
        below what is reserved. Stock that differs changes by a movement of the ledger. A dry run
        says the same and writes nothing.
        """
        ...

    async def add_categories(self, paths: Sequence[CategoryPath], *, dry_run: bool) -> int:
        """Make the categories of the paths that are missing, parents first, and say how many."""
        ...

    async def close(self, *, analyze: bool) -> None:
        """End the run; ``analyze`` renews the planner's statistics after many changes."""
        ...
